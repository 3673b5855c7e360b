import type ts from "typescript";
import type { AccessOp, CallOp } from "../ir/cfg.js";
import type { FunctionWithBody } from "../project/port.js";
import type { Observations } from "./observations.js";
import type { Hold, LockState, State } from "./state.js";

/** What a path knows of its locks: shared with the state, which never changes. */
export type Locks = State["locks"];

/** A place from which a function is entered, and what is held there. */
export interface Entrance {
  /**
   * `call`: here and now. `callback`: by the function that it was passed to. `made`: a closure that somebody
   * may call, now or later. `task`: by a task of its own.
   */
  readonly how: "call" | "callback" | "made" | "task";
  readonly node: ts.Node;
  readonly locks: Locks;
  /** Held by the function in between, in its caller's terms. */
  readonly inner: readonly Hold[];
  /** What the names of the called function mean to the caller. */
  readonly op: CallOp | undefined;
}

export interface SeenAccess {
  readonly op: AccessOp;
  /** Once for each distinct state of the locks. */
  readonly ways: readonly Locks[];
}

/** Beyond this the ways of coming to one place no longer differ in what matters. */
const maxWays = 24;

export function noteEntrance(body: FunctionWithBody, entrance: Entrance, { entrances }: Observations): void {
  const known = entrances.get(body);
  if (known === undefined) entrances.set(body, [entrance]);
  else if (known.length < maxWays && !known.some((other) => isSame(other, entrance))) known.push(entrance);
}

function isSame(one: Entrance, other: Entrance): boolean {
  return one.node === other.node && one.how === other.how && sameLocks(one.locks, other.locks);
}

export function noteAccess(op: AccessOp, locks: Locks, { accesses }: Observations): void {
  const known = accesses.get(op.node);
  if (known === undefined) accesses.set(op.node, { op, ways: [locks] });
  else if (known.ways.length < maxWays && !known.ways.some((way) => sameLocks(way, locks)))
    accesses.set(op.node, { op, ways: [...known.ways, locks] });
}

function sameLocks(one: Locks, other: Locks): boolean {
  if (one === other) return true;
  if (one.size !== other.size) return false;
  for (const [key, lock] of one) {
    const beside = other.get(key);
    if (beside === undefined || beside.status !== lock.status || !sameModes(lock, beside)) return false;
  }
  return true;
}

function sameModes(one: LockState, other: LockState): boolean {
  return (
    one.holds.length === other.holds.length &&
    one.holds.every((hold, index) => hold.mode === other.holds[index]?.mode)
  );
}
