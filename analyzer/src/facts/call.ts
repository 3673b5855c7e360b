import ts from "typescript";
import { type CallOp, type CfgNode, isAwaited, isWaitedFor } from "../ir/cfg.js";
import { renamed } from "../ir/elements.js";
import { type Place, rebase, thisRoot } from "../ir/place.js";
import { isAsync, isGenerator } from "../project/syntax.js";
import { agreed, handedPlace } from "./agreed.js";
import { applyLater, letGoOfAll } from "./closures.js";
import { noteEntrance } from "./entrances.js";
import { conflicts, type Go, noteRelease, type PathContext } from "./path.js";
import { reachInCallback, reachLocks, reachOperations } from "./reach.js";
import {
  forgetVolatile,
  type Hold,
  letGo,
  popHold,
  pushHold,
  type State,
  setLock,
  unknownLock,
  withEntry,
} from "./state.js";
import type { Effect } from "./summary.js";

/** A call of a function whose body is known: its summary, in the caller's terms. */
export function applyCall(op: CallOp, node: CfgNode, state: State, context: PathContext, go: Go): void {
  const { target } = op;
  const { observations } = context;
  for (const body of [target, ...(op.others ?? [])]) {
    const own = { ...op, target: body };
    noteEntrance(body, { how: "call", node: op.call, locks: state.locks, inner: [], op: own }, observations);
  }
  if (isGenerator(target)) return go(node.next, state);
  const summary = op.others
    ? agreed([target, ...op.others].map((body) => context.summaryOf(body)))
    : context.summaryOf(target);
  const runsHere = !isAsync(target) || isWaitedFor(op.use);
  const bind = binder(op);
  // One of several in a `Promise.all` that is awaited here.
  if (runsHere || op.joined) reachLocks(summary, op, bind, state, context);
  if (!runsHere) return go(node.next, forgetVolatile(applyLater(summary, state)));
  reachOperations(summary, op, bind, state, context);
  for (const invoked of summary.invoked) reachInCallback(invoked, op, bind, state, context);
  for (const use of summary.waitGroups) {
    const place = bind(use.place);
    if (place !== undefined && context.isOutside(place) && !state.detached)
      context.addWaitGroupUse({ ...use, place });
  }
  if (summary.opaque) return go(node.next, letGoOfAll(forgetVolatile(state)));

  const answer = op.outcome ?? (op.result === undefined ? undefined : `#${op.result}`);
  if (summary.answers !== undefined && answer !== undefined && context.isAsked(answer)) {
    for (const value of [true, false]) {
      const own = value ? summary.answers.whenTrue : summary.answers.whenFalse;
      const fact = {
        value,
        reads: op.result === undefined ? [] : [op.result],
        volatile: false,
        parameter: undefined,
      };
      const after = own
        .flatMap((effect) => boundEffect(effect, bind))
        .reduce((before, effect) => applyEffect(effect, op, before, context), forgetVolatile(state));
      go(node.next, { ...after, facts: withEntry(after.facts, answer, fact) });
    }
    if (summary.mayThrow || isAwaited(op.use))
      go(node.onThrow, { ...state, thrown: { node: op.call, explicit: false } });
    return;
  }

  const effects = summary.effects.flatMap((effect) => {
    const place = bind(effect.place);
    return place === undefined ? [] : [{ ...effect, place }];
  });
  const released = effects
    .filter((effect) => effect.net !== "acquired")
    .reduce((before, effect) => applyEffect(effect, op, before, context), state);
  if (summary.mayThrow || isAwaited(op.use)) {
    go(node.onThrow, { ...released, thrown: { node: op.call, explicit: false } });
  }
  if (!summary.returns) return;
  const acquired = effects
    .filter((effect) => effect.net === "acquired")
    .reduce((before, effect) => applyEffect(effect, op, before, context), released);
  go(node.next, forgetVolatile(acquired));
}

function boundEffect(effect: Effect, bind: (place: Place) => Place | undefined): Effect[] {
  const place = bind(effect.place);
  return place === undefined ? [] : [{ ...effect, place }];
}

/** The callee's place as the caller names it; undefined for what the caller cannot name. */
export function binder(op: CallOp): (place: Place) => Place | undefined {
  return (named) => {
    const place = renamed(named, op.target, op.call, op.arguments);
    if (place === undefined) return undefined;
    if (op.handed !== undefined && place.home?.parent !== op.target) return handedPlace(place, op);
    if (place.root === thisRoot) {
      const isOwn = !ts.isArrowFunction(op.target) || ts.isPropertyDeclaration(op.target.parent);
      return isOwn ? op.receiver && rebase(place, op.receiver) : place;
    }
    if (place.parameter !== undefined && place.home?.parent === op.target) {
      const argument = op.arguments[place.parameter];
      return argument && rebase(place, argument);
    }
    return place;
  };
}

function applyEffect(effect: Effect, op: CallOp, state: State, context: PathContext): State {
  const { place, mode } = effect;
  const lock = state.locks.get(place.key);
  if (effect.net === "unknown") {
    return letGo(lock === undefined ? setLock(state, unknownLock(place)) : state, place.key);
  }
  if (effect.net === "released") {
    if (lock?.status !== "held")
      return lock?.status === "free" ? state : popHold(state, place, mode, op.call);
    const hold = lock.holds.at(-1);
    if (hold !== undefined) noteRelease(hold, op.call, context.observations);
    return popHold(state, place, hold?.mode ?? mode, op.call);
  }
  if (lock?.status === "held" && lock.holds.some((hold) => conflicts(hold.mode, mode))) return state;
  // What the call resolves to may be the guard: kept in a variable it releases like any other.
  const hold: Hold = {
    place,
    mode,
    site: op.call,
    amount: effect.amount,
    escaped: op.result === undefined && op.use !== "awaited" && op.use !== "dropped",
  };
  const after = pushHold(state, hold);
  return op.result === undefined ? after : { ...after, guards: withEntry(after.guards, op.result, hold) };
}
