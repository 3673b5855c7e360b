import { registry } from "./registry.js";

/** What travels with running code, across its awaits and into what it calls: its task, and what it is inside of. */
export interface Carried {
  readonly task: TaskRecord;
  /** What it is inside of besides; null for the task itself. */
  readonly outer: Carried | null;
}

/** What the runtime knows of a task; {@link Task} is what users see of it. */
export interface TaskRecord extends Carried {
  readonly id: number;
  readonly name: string;
  readonly state: TaskState;
  /** How many of its operations are parked now. */
  waits: number;
  /** @internal What the instrument that is plugged in keeps of it; nothing otherwise. */
  notes: unknown;
}

export type TaskState = "running" | "waiting" | "done" | "panicked";

/** The part of Node's AsyncLocalStorage that is used here: one of them, since each makes every promise dearer. */
export interface Storage {
  run<R>(value: Carried, fn: () => R): R;
  getStore(): Carried | undefined;
  enterWith(value: Carried | undefined): void;
}

/**
 * Which task runs now? Only the platform can carry that across an `await`, and on Node 20 asking it
 * to (the first `AsyncLocalStorage.run`) makes every await of the process about 2.4 times slower. So
 * by default only a task's first synchronous stretch is known, which is free, and identity proper is
 * switched on by the first who needs it: an instrument, or a call of `currentTask`. Without
 * AsyncLocalStorage (a browser) the synchronous stretch is all there is.
 */
export function enableIdentity(StorageType: (new () => Storage) | undefined = nodeStorage()): void {
  if (registry.storage !== null || StorageType === undefined) return;
  registry.storage = new StorageType();
  // The task that asks has begun without it; from here on it is known too.
  if (registry.current !== null) registry.storage.enterWith(registry.current);
}

/** Without an import, so that the same file loads in a browser. */
function nodeStorage(): (new () => Storage) | undefined {
  const { process } = globalThis as {
    process?: { getBuiltinModule?(id: string): { AsyncLocalStorage: new () => Storage } };
  };
  return process?.getBuiltinModule?.("node:async_hooks").AsyncLocalStorage;
}

/** The running task as far as it is known; null is the main program, or unknown. */
export function identify(): TaskRecord | null {
  return running()?.task ?? null;
}

/** What travels with the running code, as far as that is known. */
export function running(): Carried | null {
  return registry.storage === null ? registry.current : (registry.storage.getStore() ?? null);
}

/**
 * The running task if that is known for good, across awaits too. `null` is the main program, a task that
 * had awaited something before identity was switched on, or a platform that carries nothing across.
 */
export function identifyForGood(): TaskRecord | null {
  return carried()?.task ?? null;
}

/** What travels with the running code; null where that is not known. */
export function carried(): Carried | null {
  return registry.storage?.getStore() ?? null;
}

/** Runs the first synchronous stretch of `task`. */
export function runAs<R>(task: TaskRecord, fn: () => R): R {
  const { storage, current } = registry;
  registry.current = task;
  try {
    return storage === null ? fn() : storage.run(task, fn);
  } finally {
    registry.current = current;
    // Switched on in this very stretch: take the identity off whatever runs next on this turn.
    if (storage === null && registry.storage !== null) registry.storage.enterWith(undefined);
  }
}
