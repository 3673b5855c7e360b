import ts from "typescript";
import type { Amount, CfgNode, Op } from "../ir/cfg.js";
import type { Place } from "../ir/place.js";
import type { LockMode } from "../model/index.js";
import { meaningfulParent } from "../project/syntax.js";
import type { Leak } from "./observations.js";
import { noteOrder } from "./order.js";
import { conflicts, type Go, noteRelease, type PathContext, parameterFacts } from "./path.js";
import { releasePermits } from "./permit-steps.js";
import { heldByAnotherName } from "./sole.js";
import { type Hold, letGo, popHold, pushHold, type State, setLock, unknownLock, withEntry } from "./state.js";

export function acquire(
  op: Op & { kind: "acquire" },
  node: CfgNode,
  state: State,
  context: PathContext,
  go: Go,
): void {
  const { place, mode, call } = op;
  const lock = state.locks.get(place.key) ?? heldByAnotherName(place, state, context);
  const escaped = op.form === "guard" && isReturned(op);
  const hold: Hold = { place, mode, site: call, escaped, amount: op.amount };
  // Asked for, but nobody waits until it is granted: `missing-await` says so, and nothing is known from here on.
  if (op.use === "dropped") return go(node.next, setLock(state, unknownLock(place)));
  if (lock === undefined && !op.impatient) takeFromCaller(place, mode, call, state, context);
  noteOrder({ place, mode, site: call, chain: [], released: [] }, call, state, context);
  const held =
    lock?.status === "held"
      ? (lock.holds.find((other) => conflicts(other.mode, mode)) ?? lock.holds[0])
      : undefined;
  if (held !== undefined) {
    if (held.site === call) {
      // Round the loop with another of many: how many it will be is not known.
      if (!conflicts(held.mode, mode)) return go(node.next, setLock(state, unknownLock(place)));
      if (op.impatient) return;
      // Round the loop with the lock still held: the release was skipped.
      leak(held, "again", call, state, context);
      return;
    }
    // What does not wait for its turn fails, or goes on without it.
    if (op.impatient && conflicts(held.mode, mode)) return;
    context.observations.reacquisitions.push({ call, place, mode, hold: held, through: undefined });
    if (conflicts(held.mode, mode)) return;
  }
  // The guard went somewhere at once: whoever has it may release it at any time.
  if (op.form === "guard" && op.use === "kept" && !hold.escaped)
    return go(node.next, setLock(state, unknownLock(place)));
  const after = pushHold(state, hold);
  go(
    node.next,
    op.guard === undefined || op.form !== "guard" ? after : withGuard(after, op.guard, hold, context),
  );
}

/** `return mu.acquire()`, `return await mu.acquire()`: the caller gets the guard. */
function isReturned({ use, call }: Op & { kind: "acquire" }): boolean {
  if (use === "returned") return true;
  const awaited = meaningfulParent(call).parent;
  if (use !== "kept" || !ts.isAwaitExpression(awaited)) return false;
  const { parent, child } = meaningfulParent(awaited);
  return ts.isReturnStatement(parent) || (ts.isArrowFunction(parent) && parent.body === child);
}

/** The variable holds a guard from here on: it is there, which `if (guard)` may ask. */
export function withGuard(state: State, guard: number, hold: Hold, context: PathContext): State {
  const key = `#${guard}`;
  const facts = context.isAsked(key)
    ? withEntry(state.facts, key, { value: true, reads: [guard], volatile: false, parameter: undefined })
    : state.facts;
  return { ...state, facts, guards: withEntry(state.guards, guard, hold) };
}

/** The summary's view: a lock that the caller may hold already. */
function takeFromCaller(
  place: Place,
  mode: LockMode,
  site: ts.CallExpression,
  state: State,
  context: PathContext,
): void {
  if (state.detached || !context.isOutside(place)) return;
  context.addTaken({ place, mode, site, chain: [], requires: parameterFacts(state) });
}

export function attempt(op: Op & { kind: "try" }, node: CfgNode, state: State, go: Go): void {
  const { place, mode, call, amount } = op;
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
    go(node.next, answered(pushHold(state, { place, mode, site: call, escaped: false, amount }), true));
  }
  go(node.alt, answered(state, false));
}

export function release(
  place: Place,
  mode: LockMode,
  node: ts.Node,
  state: State,
  context: PathContext,
  amount?: Amount,
): State {
  const { observations } = context;
  const lock = state.locks.get(place.key);
  if (amount !== undefined && amount !== 1 && lock?.status !== "held")
    return setLock(state, unknownLock(place));
  if (amount !== undefined && lock?.status === "held")
    return releasePermits(place, amount, node, state, context);
  if (lock === undefined) observations.releasedUntaken.add(place.key);
  // Permits are given back in loops that count: which release is one too many cannot be seen.
  if (lock?.status === "free" && mode === "permit" && lock.freedBy === node)
    return setLock(state, unknownLock(place));
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
    if (!op.implicit && op.idempotent !== true && lock?.status === "free") {
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

export function escapeGuard(op: Op & { kind: "guard-escape" }, state: State): State {
  const hold = state.guards.get(op.guard);
  const lock = hold && state.locks.get(hold.place.key);
  if (hold === undefined || lock?.status !== "held") return state;
  if (op.returned !== true) return letGo(state, hold.place.key);
  const holds = lock.holds.map((other) => (other.site === hold.site ? { ...other, escaped: true } : other));
  return setLock(state, { ...lock, holds });
}

export function leak(hold: Hold, how: Leak["how"], node: ts.Node, state: State, context: PathContext): void {
  if (!hold.escaped) context.observations.leaks.push({ hold, how, node, trail: state.trail });
}
