import type ts from "typescript";
import { type CfgNode, isWaitedFor, type Op, type OperationOp } from "../ir/cfg.js";
import type { FunctionWithBody } from "../project/port.js";
import { applyCall } from "./call.js";
import { applyClosure, applySpawn } from "./closures.js";
import { noteAccess, noteEntrance } from "./entrances.js";
import { acquire, attempt, escapeGuard, leak, release, releaseGuard } from "./lock-steps.js";
import type { Go, PathContext } from "./path.js";
import {
  forgetPlace,
  forgetVariable,
  forgetVolatile,
  givenUp,
  type Hold,
  letGo,
  type State,
  setLock,
  start,
  withEntry,
} from "./state.js";
import { suspend, waitGroup } from "./waitgroup-steps.js";

/** One step of one path. */
export function step(node: CfgNode, state: State, context: PathContext, go: Go): void {
  const { op } = node;
  if (op === undefined) return go(node.next, state);
  noteHeld(op, state, context);
  switch (op.kind) {
    case "acquire":
      return acquire(op, node, state, context, go);
    case "try":
      return attempt(op, node, state, go);
    case "release":
      return go(node.next, release(op.place, op.mode, op.call, state, context, op.amount));
    case "section-end":
      return go(node.next, release(op.place, op.mode, op.node, state, context));
    case "guard-release":
      return go(node.next, releaseGuard(op, state, context));
    case "guard-escape":
      return go(node.next, escapeGuard(op, state));
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
      if (op.what === "wait") reachOperation({ ...op, event: "wg-wait" }, state, context);
      return go(node.next, waitGroup(op, state, context));
    case "call":
      return applyCall(op, node, state, context, go);
    case "spawn":
      enter(op.body, "task", op.call, state, context);
      return go(node.next, applySpawn(op, state, context));
    case "invoke":
      return go(node.next, invoke(op, state, context));
    case "fork":
      go(node.alt, { ...start, trail: state.trail, detached: true });
      return go(node.next, applyClosure(op, state, context));
    case "closure":
      enter(op.body, "made", op.body, state, context);
      return go(node.next, applyClosure(op, state, context));
    case "await":
      return go(node.next, suspend(state));
    case "may-throw":
      go(node.onThrow, { ...state, thrown: { node: op.node, explicit: false } });
      return go(node.next, op.forgets ? forgetVolatile(state) : state);
    case "operation":
      return go(node.next, reachOperation(op, state, context));
    case "access":
      noteAccess(op, state.locks, context.observations);
      return go(node.next, state);
    case "branch":
      return branch(op, node, state, context, go);
    case "loop":
      return go(node.next, forgetVolatile(state));
    case "throw":
      return go(node.onThrow, { ...state, thrown: { node: op.node, explicit: true } });
    case "caught":
      return go(node.next, { ...state, thrown: undefined });
    case "leave":
      return go(node.next, { ...state, left: { how: op.how, node: op.node, value: answerOf(op, state) } });
    case "exit":
      return leave(op.how, state, context);
  }
}

/** Operations at which it matters what is held: rules ask for it by the operation's node. */
function noteHeld(op: Op, state: State, { observations }: PathContext): void {
  const at = operationNode(op);
  if (at === undefined) return;
  if (op.kind === "await") observations.suspensions.add(at);
  const holds: Hold[] = [];
  for (const lock of state.locks.values()) {
    if (lock.status === "held") holds.push(...lock.holds);
    else if (lock.status === "unknown") observations.unsure.add(at);
  }
  const known = observations.held.get(at);
  if (known === undefined) observations.held.set(at, [holds]);
  else if (!known.some((other) => sameHolds(other, holds))) observations.held.set(at, [...known, holds]);
}

function operationNode(op: Op): ts.Node | undefined {
  switch (op.kind) {
    case "acquire":
    case "try":
    case "wg":
    case "call":
    case "spawn":
    case "operation":
      return op.call;
    case "invoke":
    case "await":
    case "may-throw":
    case "leave":
      return op.node;
    default:
      return undefined;
  }
}

function enter(
  body: FunctionWithBody,
  how: "made" | "task",
  node: ts.Node,
  { locks }: State,
  { observations }: PathContext,
): void {
  noteEntrance(body, { how, node, locks, inner: [], op: undefined }, observations);
}

function sameHolds(one: readonly Hold[], other: readonly Hold[]): boolean {
  return (
    one.length === other.length &&
    one.every((hold, index) => hold.site === other[index]?.site && hold.place.key === other[index]?.place.key)
  );
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

/** What callers have to know: the function gets to this operation. */
function reachOperation(
  op: Pick<OperationOp, "event" | "place" | "call" | "use">,
  state: State,
  context: PathContext,
): State {
  if (state.detached) return state;
  const held = [...state.locks.values()].flatMap((lock) => lock.holds);
  context.addReached({
    event: op.event,
    place: op.place,
    call: op.call,
    use: op.use,
    chain: [],
    held: held.filter((hold) => context.isOutside(hold.place)),
    released: givenUp(state),
  });
  return state;
}

/** The callback runs with what is held here: its caller knows whether it wants the same lock. */
function invoke(op: Op & { kind: "invoke" }, state: State, context: PathContext): State {
  if (state.detached) return forgetVolatile(state);
  const held = [...state.locks.values()]
    .flatMap((lock) => lock.holds)
    .filter((hold) => context.isOutside(hold.place));
  context.addInvoked({ parameter: op.parameter, waited: isWaitedFor(op.use), held, node: op.node });
  return forgetVolatile(state);
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

function answerOf(op: Op & { kind: "leave" }, state: State): boolean | undefined {
  if (op.how === "fall") return false;
  return op.value ?? (op.answer === undefined ? undefined : state.facts.get(op.answer)?.value);
}

function leave(how: "normal" | "throw", state: State, context: PathContext): void {
  context.exit(state, how);
  for (const lock of state.locks.values()) {
    // Given up for a while and taken again: the caller's lock, held as the caller expects.
    if (lock.net <= 0 || (how === "normal" && context.isPromised(lock.place))) continue;
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
