import type { ts } from "ts-morph";
import type { CfgNode, Op } from "../ir/cfg.js";
import type { Place } from "../ir/place.js";
import type { LockMode } from "../model/index.js";
import type { Leak } from "./observations.js";
import { conflicts, type Go, noteRelease, type PathContext, parameterFacts } from "./path.js";
import { type Hold, popHold, pushHold, type State, setLock, unknownLock, withEntry } from "./state.js";

export function acquire(
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

export function attempt(op: Op & { kind: "try" }, node: CfgNode, state: State, go: Go): void {
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

export function release(
  place: Place,
  mode: LockMode,
  node: ts.Node,
  state: State,
  context: PathContext,
): State {
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

export function releaseGuard(op: Op & { kind: "guard-release" }, state: State, context: PathContext): State {
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
  return popHold(state, hold.place, hold.mode, op.node, hold.site);
}

export function escapeGuard(guard: number, state: State): State {
  const hold = state.guards.get(guard);
  const lock = hold && state.locks.get(hold.place.key);
  if (hold === undefined || lock?.status !== "held") return state;
  const holds = lock.holds.map((other) => (other.site === hold.site ? { ...other, escaped: true } : other));
  return setLock(state, { ...lock, holds });
}

export function leak(hold: Hold, how: Leak["how"], node: ts.Node, state: State, context: PathContext): void {
  if (!hold.escaped) context.observations.leaks.push({ hold, how, node, trail: state.trail });
}
