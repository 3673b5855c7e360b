import type { ts } from "ts-morph";
import { type CfgNode, isWaitedFor, type Op } from "../ir/cfg.js";
import type { Place } from "../ir/place.js";
import type { LockMode } from "../model/index.js";
import { applyCall, applyClosure, applySpawn } from "./call.js";
import type { Leak } from "./observations.js";
import { conflicts, type Go, noteRelease, noteThrower, type PathContext, parameterFacts } from "./path.js";
import {
  forgetPlace,
  forgetVariable,
  forgetVolatile,
  type Hold,
  letGo,
  type PendingWait,
  popHold,
  pushHold,
  type State,
  setLock,
  unknownLock,
  withEntry,
  withoutEntries,
} from "./state.js";

/** One step of one path. */
export function step(node: CfgNode, state: State, context: PathContext, go: Go): void {
  const { op } = node;
  if (op === undefined) return go(node.next, state);
  switch (op.kind) {
    case "acquire":
      return acquire(op, node, state, context, go);
    case "try":
      return attempt(op, node, state, go);
    case "release":
      return go(node.next, release(op.place, op.mode, op.call, state, context));
    case "section-end":
      return go(node.next, release(op.place, op.mode, op.node, state, context));
    case "guard-release":
      return go(node.next, releaseGuard(op, state, context));
    case "guard-escape":
      return go(node.next, escapeGuard(op.guard, state));
    case "escape":
      return go(node.next, letGo(state, op.place.key));
    case "fresh":
      return go(
        node.next,
        setLock(state, {
          status: "free",
          holds: [],
          net: 0,
          freedBy: undefined,
          freedOn: undefined,
          place: op.place,
        }),
      );
    case "assign":
      return go(node.next, assign(op, state, context));
    case "rebind":
      return go(node.next, rebind(op.variable, op.node, state, context));
    case "wg":
      return go(node.next, waitGroup(op, state, context));
    case "call":
      return applyCall(op, node, state, context, go);
    case "spawn":
      return go(node.next, applySpawn(op, state, context));
    case "invoke":
      return go(node.next, invoke(op, state, context));
    case "closure":
      return go(node.next, applyClosure(op.body, state, context));
    case "await":
      return go(node.next, suspend(state));
    case "may-throw":
      noteThrower(op.node, state, context);
      go(node.onThrow, { ...state, thrown: { node: op.node, explicit: false } });
      return go(node.next, op.forgets ? forgetVolatile(state) : state);
    case "branch":
      return branch(op, node, state, context, go);
    case "loop":
      return go(node.next, forgetVolatile(state));
    case "throw":
      return go(node.onThrow, { ...state, thrown: { node: op.node, explicit: true } });
    case "caught":
      return go(node.next, { ...state, thrown: undefined });
    case "leave":
      return go(node.next, { ...state, left: { how: op.how, node: op.node } });
    case "exit":
      return leave(op.how, state, context);
  }
}

function acquire(
  op: Op & { kind: "acquire" },
  node: CfgNode,
  state: State,
  context: PathContext,
  go: Go,
): void {
  const { place, mode, call } = op;
  const lock = state.locks.get(place.key);
  const hold: Hold = {
    place,
    mode,
    site: call,
    escaped: op.form === "guard" && (op.use === "kept" || op.use === "returned"),
  };
  // Asked for, but nobody waits until it is granted: `missing-await` says so, and nothing is known from here on.
  if (op.use === "dropped") return go(node.next, setLock(state, unknownLock(place)));
  if (lock === undefined) takeFromCaller(place, mode, call, state, context);
  const held =
    lock?.status === "held"
      ? (lock.holds.find((other) => conflicts(other.mode, mode)) ?? lock.holds[0])
      : undefined;
  if (held !== undefined) {
    if (held.site === call) {
      // Round the loop with the lock still held: the release was skipped.
      if (!conflicts(held.mode, mode)) return;
      leak(held, "again", call, state, context);
      return;
    }
    context.observations.reacquisitions.push({ call, place, mode, hold: held, through: undefined });
    if (conflicts(held.mode, mode)) return;
  }
  const after = pushHold(state, hold);
  go(
    node.next,
    op.guard === undefined ? after : { ...after, guards: withEntry(after.guards, op.guard, hold) },
  );
}

/** The summary's view: a lock that the caller may hold already. */
function takeFromCaller(
  place: Place,
  mode: LockMode,
  site: ts.CallExpression,
  state: State,
  context: PathContext,
): void {
  if (!context.isOutside(place)) return;
  context.addTaken({ place, mode, site, chain: [], requires: parameterFacts(state) });
}

function attempt(op: Op & { kind: "try" }, node: CfgNode, state: State, go: Go): void {
  const { place, mode, call } = op;
  const lock = state.locks.get(place.key);
  const answered = (after: State, value: boolean): State =>
    op.result === undefined
      ? after
      : {
          ...after,
          facts: withEntry(after.facts, `#${op.result}`, {
            value,
            reads: [op.result],
            volatile: false,
            parameter: undefined,
          }),
        };
  if (!(lock?.status === "held" && lock.holds.some((hold) => conflicts(hold.mode, mode)))) {
    go(node.next, answered(pushHold(state, { place, mode, site: call, escaped: false }), true));
  }
  go(node.alt, answered(state, false));
}

function release(place: Place, mode: LockMode, node: ts.Node, state: State, context: PathContext): State {
  const { observations } = context;
  const lock = state.locks.get(place.key);
  if (lock === undefined) observations.releasedUntaken.add(place.key);
  if (lock?.status === "free") {
    const always = lock.freedBy !== undefined && lock.freedOn === state.trail;
    observations.badReleases.push({ node, place, mode, earlier: lock.freedBy, always });
    return state;
  }
  observations.goodReleases.add(node);
  if (lock?.status === "held") {
    const hold = lock.holds.findLast((other) => other.mode === mode) ?? lock.holds.at(-1);
    if (hold !== undefined && hold.mode !== mode) {
      observations.mismatches.push({ call: node as ts.CallExpression, place, mode, hold });
    }
    if (hold !== undefined) noteRelease(hold, node, observations);
  }
  return popHold(state, place, mode, node);
}

function releaseGuard(op: Op & { kind: "guard-release" }, state: State, context: PathContext): State {
  const hold = state.guards.get(op.guard);
  if (hold === undefined) return state;
  const lock = state.locks.get(hold.place.key);
  const stillHeld = lock?.status === "held" && lock.holds.some((other) => other.site === hold.site);
  if (!stillHeld) {
    // Disposing after release() does nothing; a second release() throws.
    if (!op.implicit && lock?.status === "free") {
      const always = lock.freedBy !== undefined && lock.freedOn === state.trail;
      context.observations.badReleases.push({
        node: op.node,
        place: hold.place,
        mode: hold.mode,
        earlier: lock.freedBy,
        always,
      });
    }
    return state;
  }
  context.observations.goodReleases.add(op.node);
  noteRelease(hold, op.node, context.observations);
  return popHold(state, hold.place, hold.mode, op.node);
}

function escapeGuard(guard: number, state: State): State {
  const hold = state.guards.get(guard);
  const lock = hold && state.locks.get(hold.place.key);
  if (hold === undefined || lock?.status !== "held") return state;
  const holds = lock.holds.map((other) => (other.site === hold.site ? { ...other, escaped: true } : other));
  return setLock(state, { ...lock, holds });
}

function assign(op: Op & { kind: "assign" }, state: State, context: PathContext): State {
  let after = forgetVariable(state, op.variable);
  if (op.place !== undefined) after = forgetPlace(after, op.place.key);
  const key = `#${op.variable}`;
  if (op.value === undefined || !context.isAsked(key)) return after;
  return {
    ...after,
    facts: withEntry(after.facts, key, {
      value: op.value,
      reads: [op.variable],
      volatile: false,
      parameter: undefined,
    }),
  };
}

function rebind(variable: number, node: ts.Node, state: State, context: PathContext): State {
  for (const lock of state.locks.values()) {
    if (lock.place.root !== variable) continue;
    for (const hold of lock.holds) leak(hold, "again", node, state, context);
  }
  return forgetPlace(forgetVariable(state, variable), String(variable));
}

/** The callback runs with what is held here: its caller knows whether it wants the same lock. */
function invoke(op: Op & { kind: "invoke" }, state: State, context: PathContext): State {
  const held = [...state.locks.values()]
    .flatMap((lock) => lock.holds)
    .filter((hold) => context.isOutside(hold.place));
  context.addInvoked({ parameter: op.parameter, waited: isWaitedFor(op.use), held });
  return forgetVolatile(state);
}

function suspend(state: State): State {
  const after = forgetVolatile(state);
  if (![...after.waits.values()].some((wait) => !wait.begun)) return after;
  const waits = new Map(
    [...after.waits].map(([key, wait]): [string, PendingWait] => [key, { ...wait, begun: true }]),
  );
  return { ...after, waits };
}

function waitGroup(op: Op & { kind: "wg" }, state: State, context: PathContext): State {
  const { place, call, what } = op;
  if (context.isOutside(place)) context.addWaitGroupUse({ what, place, call });
  if (what === "done") {
    context.observations.donesHere.add(place.key);
    return state;
  }
  if (what === "add") {
    const pending = state.waits.get(place.key);
    if (pending?.begun)
      context.observations.lateAdds.push({ add: call, place, wait: pending.node, counted: pending.counted });
    // The task that this was meant for was started before the wait, uncounted.
    const waited = state.uncounted.get(place.key)?.waited;
    if (waited !== undefined)
      context.observations.lateAdds.push({ add: call, place, wait: waited, counted: false });
    return {
      ...state,
      added: new Set(state.added).add(place.key),
      uncounted: withoutEntries(state.uncounted, (key) => key === place.key),
    };
  }
  if (!isWaitedFor(op.use)) {
    return {
      ...state,
      waits: withEntry(state.waits, place.key, {
        node: call,
        begun: true,
        counted: state.added.has(place.key),
      }),
    };
  }
  for (const add of state.strayAdds.get(place.key) ?? [])
    context.observations.lateAdds.push({ add, place, wait: call, counted: false });
  const uncounted = state.uncounted.has(place.key)
    ? withEntry(state.uncounted, place.key, { waited: call })
    : state.uncounted;
  return {
    ...state,
    uncounted,
    waits: withoutEntries(state.waits, (key) => key === place.key),
    added: new Set([...state.added].filter((key) => key !== place.key)),
  };
}

function branch(
  op: Op & { kind: "branch" },
  node: CfgNode,
  state: State,
  context: PathContext,
  go: Go,
): void {
  const { condition } = op;
  const known = condition && state.facts.get(condition.key);
  for (const outcome of [true, false]) {
    if (known !== undefined && (known.value !== condition?.negated) !== outcome) continue;
    const trail = { node: op.node, outcome, previous: state.trail };
    let after: State = { ...state, trail };
    if (condition !== undefined && known === undefined && context.remembers(condition)) {
      const { reads, volatile } = condition;
      const fact = { value: outcome !== condition.negated, reads, volatile, parameter: condition.parameter };
      after = { ...after, facts: withEntry(after.facts, condition.key, fact) };
    }
    go(outcome ? node.next : node.alt, after);
  }
}

function leak(hold: Hold, how: Leak["how"], node: ts.Node, state: State, context: PathContext): void {
  if (!hold.escaped) context.observations.leaks.push({ hold, how, node, trail: state.trail });
}

function leave(how: "normal" | "throw", state: State, context: PathContext): void {
  context.exit(state, how);
  for (const lock of state.locks.values()) {
    // Given up for a while and taken again: the caller's lock, held as the caller expects.
    if (lock.net <= 0) continue;
    for (const hold of lock.holds) {
      if (how === "normal")
        leak(hold, state.left?.how ?? "fall", state.left?.node ?? context.unit, state, context);
      else
        leak(
          hold,
          state.thrown?.explicit ? "throw" : "thrown",
          state.thrown?.node ?? context.unit,
          state,
          context,
        );
    }
  }
}
