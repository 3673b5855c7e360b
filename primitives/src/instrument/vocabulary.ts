/** The library's words in the trace's. */
import { LockKind, lockTypeText, Mode } from "@lockscope/trace";
import type { WaitFor } from "../runtime/hooks.js";

/** What a waiter waits for; a select waits for each of its cases, and a `yield` is no wait. */
export const modeOf: Record<Exclude<WaitFor, "select" | "yield">, Mode> = {
  lock: Mode.exclusive,
  rLock: Mode.shared,
  acquire: Mode.exclusive,
  wait: Mode.wait,
  send: Mode.send,
  receive: Mode.receive,
  join: Mode.join,
  external: Mode.external,
  sleep: Mode.sleep,
};

const kinds = new Map<string, LockKind>([
  ...Object.entries(LockKind).map(([name, kind]) => [name.toLowerCase(), kind] as const),
  ["syncmap", LockKind.map],
  ["cyclicbarrier", LockKind.barrier],
  // Nobody waits for one, but values go through it.
  ["queue", LockKind.channel],
  // It counts too.
  ["schedgroup", LockKind.waitgroup],
]);

/** The kind of a type that goes by Go's name: "RWMutex". One that threads share is of the same kind: "SharedRWMutex". */
export function kindOf(type: string): LockKind {
  return kinds.get(type.toLowerCase().replace(/^shared/, "")) ?? LockKind.unknown;
}

/** What the trace calls a type besides its kind: nothing if its kind is called so too. */
export const ownName = (type: string, kind: LockKind): string => (type === lockTypeText(kind) ? "" : type);
