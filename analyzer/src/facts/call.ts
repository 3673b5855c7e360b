import ts from "typescript";
import {
  type CallOp,
  type CfgNode,
  isAwaited,
  isWaitedFor,
  type ParameterPath,
  type SpawnOp,
} from "../ir/cfg.js";
import { renamed } from "../ir/elements.js";
import { type Place, rebase, thisRoot } from "../ir/place.js";
import { truth } from "../ir/truth.js";
import type { FunctionWithBody } from "../project/port.js";
import { bare, enclosingFunction, isAsync, isGenerator } from "../project/syntax.js";
import { agreed, handedPlace } from "./agreed.js";
import { noteEntrance } from "./entrances.js";
import { callbackOrder, noteInnerOrder, noteOrder, rebound } from "./order.js";
import { conflicts, type Go, noteRelease, type PathContext, parameterFacts } from "./path.js";
import { heldByAnotherName, soleInstance } from "./sole.js";
import {
  forgetVolatile,
  givenUp,
  type Hold,
  letGo,
  popHold,
  pushHold,
  type State,
  setLock,
  start,
  unknownLock,
  withEntry,
} from "./state.js";
import type { Effect, Invoked, Summary, Taken } from "./summary.js";

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

/** What the callee waits for, it waits for behind what is held here. */
function reachLocks(
  summary: Summary,
  op: CallOp,
  bind: (place: Place) => Place | undefined,
  state: State,
  context: PathContext,
): void {
  for (const taken of summary.taken) {
    const place = bind(taken.place) ?? soleInstance(taken.place, context);
    if (place !== undefined && argumentsAllow(taken, op, state)) reach(taken, place, op, state, context);
  }
  for (const order of summary.orders) noteInnerOrder(order, bind, context);
  const behind = isHandedBack(op, context) ? start : state;
  for (const wanted of summary.acquires) noteOrder(rebound(wanted, bind), op.call, behind, context);
}

function boundEffect(effect: Effect, bind: (place: Place) => Place | undefined): Effect[] {
  const place = bind(effect.place);
  return place === undefined ? [] : [{ ...effect, place }];
}

/** `return this.other()` in a try: the promise is the caller's to wait for, and the `finally` releases first. */
function isHandedBack(op: CallOp, context: PathContext): boolean {
  return op.use === "returned" && isAsync(op.target) && enclosingFunction(op.call) === context.unit;
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

function argumentsAllow(taken: Taken, op: CallOp, state: State): boolean {
  return taken.requires.every((wanted) => {
    const value = argumentValue(op, wanted, state);
    return value === undefined || value === wanted.value;
  });
}

function argumentValue(
  op: CallOp,
  { index, property, fallback }: ParameterPath,
  state: State,
): boolean | undefined {
  if (op.call.arguments.some(ts.isSpreadElement)) return undefined;
  const argument = op.call.arguments[index];
  if (argument === undefined) return fallback;
  if (property !== undefined) return propertyValue(bare(argument), property, fallback);
  const place = op.arguments[index];
  const fact = place && ts.isIdentifier(bare(argument)) ? state.facts.get(`#${place.key}`) : undefined;
  return fact?.value ?? truth(argument);
}

function propertyValue(argument: ts.Expression, name: string, fallback: boolean): boolean | undefined {
  if (!ts.isObjectLiteralExpression(argument) || argument.properties.some(ts.isSpreadAssignment))
    return undefined;
  const property = argument.properties.find((each) => each.name?.getText() === name);
  if (property === undefined) return fallback;
  return ts.isPropertyAssignment(property) ? truth(property.initializer) : undefined;
}

/** The callee wants a lock: held here it will wait for ever; untouched here it is this function's caller's turn. */
function reach(taken: Taken, place: Place, op: CallOp, state: State, context: PathContext): void {
  const lock = state.locks.get(place.key) ?? heldByAnotherName(place, state, context);
  if (lock === undefined) {
    if (state.detached || !context.isOutside(place)) return;
    const chain = [op.call, ...taken.chain];
    context.addTaken({
      place,
      mode: taken.mode,
      site: taken.site,
      chain,
      requires: parameterFacts(state),
    });
    return;
  }
  if (lock.status !== "held" || isHandedBack(op, context)) return;
  const hold = lock.holds.find((other) => conflicts(other.mode, taken.mode)) ?? lock.holds[0];
  if (hold !== undefined) {
    context.observations.reacquisitions.push({
      call: op.call,
      place,
      mode: taken.mode,
      hold,
      through: taken,
    });
  }
}

/** The callee's operations are this function's too. */
function reachOperations(
  summary: Summary,
  op: CallOp,
  bind: (place: Place) => Place | undefined,
  state: State,
  context: PathContext,
): void {
  if (state.detached) return;
  const own = [...state.locks.values()].flatMap((lock) => lock.holds);
  for (const reached of summary.reached) {
    const place = reached.place && bind(reached.place);
    const inner = reached.held.flatMap((hold) => {
      const at = bind(hold.place);
      return at === undefined ? [] : [{ ...hold, place: at }];
    });
    const held = [...own, ...inner].filter((hold) => context.isOutside(hold.place));
    const released = [...(reached.released ?? []).flatMap((each) => bind(each) ?? []), ...givenUp(state)];
    context.addReached({ ...reached, place, chain: [op.call, ...reached.chain], held, released });
  }
}

/** A callback that the callee runs wants a lock: one held here, or one that the callee holds meanwhile. */
function reachInCallback(
  { parameter, waited, held, node }: Invoked,
  op: CallOp,
  bind: (place: Place) => Place | undefined,
  state: State,
  context: PathContext,
): void {
  const callback = op.callbacks[parameter];
  if (callback === undefined) return passOn({ parameter, waited, held, node }, op, bind, state, context);
  const inner = held.flatMap((hold) => {
    const place = bind(hold.place);
    return place === undefined ? [] : [{ ...hold, place }];
  });
  noteEntrance(
    callback,
    { how: "callback", node: op.call, locks: state.locks, inner, op: undefined },
    context.observations,
  );
  if (isAsync(callback) && !waited) return;
  callbackOrder(context.summaryOf(callback), { held, node }, op.call, state, context);
  for (const taken of context.summaryOf(callback).taken) {
    if (taken.place.home?.parent === callback) continue;
    reach(taken, taken.place, op, state, context);
    const own = held.find(
      (hold) => bind(hold.place)?.key === taken.place.key && conflicts(hold.mode, taken.mode),
    );
    if (own !== undefined) {
      const hold = { ...own, place: taken.place };
      context.observations.reacquisitions.push({
        call: op.call,
        place: taken.place,
        mode: taken.mode,
        hold,
        through: taken,
      });
    }
  }
}

/** The function's own parameter goes on to one that calls it. */
function passOn(
  invoked: Invoked,
  op: CallOp,
  bind: (place: Place) => Place | undefined,
  state: State,
  context: PathContext,
): void {
  const place = op.arguments[invoked.parameter];
  if (place?.parameter === undefined || place.path.length > 0 || place.home?.parent !== context.unit) return;
  const inner = invoked.held.flatMap((hold) => {
    const at = bind(hold.place);
    return at === undefined ? [] : [{ ...hold, place: at }];
  });
  const own = [...state.locks.values()].flatMap((lock) => lock.holds);
  const held = [...own, ...inner].filter((hold) => context.isOutside(hold.place));
  const node = inner.length > 0 ? invoked.node : op.call;
  context.addInvoked({
    parameter: place.parameter,
    waited: invoked.waited && isWaitedFor(op.use),
    held,
    node,
  });
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

function letGoOfAll(state: State): State {
  return [...state.locks.keys()].reduce((before, key) => letGo(before, key), state);
}

/** What somebody runs later, or beside this path, may release what is held here. */
function applyLater(summary: Summary, state: State): State {
  if (summary.opaque) return letGoOfAll(state);
  return summary.effects.reduce((before, effect) => letGo(before, effect.place.key), state);
}

export function applyClosure(
  { body, returned }: { readonly body: FunctionWithBody; readonly returned?: boolean },
  state: State,
  context: PathContext,
): State {
  for (const use of context.summaryOf(body).waitGroups) {
    if (use.what === "done" && context.isOutside(use.place)) context.addWaitGroupUse(use);
  }
  const summary = context.summaryOf(body);
  return returned && !summary.opaque ? handOver(summary, state) : applyLater(summary, state);
}

/** `return () => this.mu.unlock()`: the caller has the lock from here on, and what releases it. */
function handOver(summary: Summary, state: State): State {
  return summary.effects.reduce((before, effect) => {
    const lock = before.locks.get(effect.place.key);
    if (effect.net !== "released" || lock?.status !== "held") return letGo(before, effect.place.key);
    return setLock(before, { ...lock, holds: lock.holds.map((hold) => ({ ...hold, escaped: true })) });
  }, state);
}

/**
 * Whether an add in a task comes before the code behind its start: an async function that is called, rather
 * than started by `go`, runs up to its first await at once.
 */
export function runsAtOnce(add: ts.Node, { call, body }: SpawnOp): boolean {
  const called = ts.isCallExpression(call) ? bare(call.expression) : call;
  if (!ts.isFunctionLike(called)) return false;
  let suspended = false;
  const visit = (node: ts.Node): void => {
    if (node.end > add.pos && node.getSourceFile() === add.getSourceFile() && ts.isAwaitExpression(node))
      return;
    if (ts.isAwaitExpression(node)) suspended = true;
    if (!ts.isFunctionLike(node)) ts.forEachChild(node, visit);
  };
  ts.forEachChild(body, visit);
  return !suspended;
}

/** A task of its own starts: which WaitGroups it adds to, and which it waits for, beside this path. */
export function applySpawn(op: SpawnOp, state: State, context: PathContext): State {
  const summary = context.summaryOf(op.body);
  let after = applyLater(summary, state);
  const places = new Map(summary.waitGroups.map((use) => [use.place.key, use.place]));
  for (const [key, place] of places) {
    const uses = summary.waitGroups.filter((use) => use.place.key === key);
    const adding = uses.filter((use) => use.what === "add").map((use) => use.call);
    const adds = adding.filter((add) => !runsAtOnce(add, op));
    const counted = after.added.has(key) || op.counted?.key === key || adds.length < adding.length;
    if (adds.length > 0 && !counted) {
      if (uses.some((use) => use.what === "done")) {
        for (const add of adds) context.observations.addsInTask.push({ add, place, spawn: op.call });
      } else after = { ...after, strayAdds: withEntry(after.strayAdds, key, adds) };
    }
    if (adds.length === 0 && !counted && uses.some((use) => use.what === "done")) {
      after = { ...after, uncounted: withEntry(after.uncounted, key, { waited: undefined }) };
    }
    const wait = uses.find((use) => use.what === "wait");
    if (wait !== undefined && !after.waits.has(key) && op.counted?.key !== key) {
      after = {
        ...after,
        waits: withEntry(after.waits, key, { node: wait.call, begun: false, counted: after.added.has(key) }),
      };
    }
  }
  if (op.counted !== undefined) after = { ...after, added: new Set(after.added).add(op.counted.key) };
  return after;
}
