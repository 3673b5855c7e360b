import { registry } from "./registry.js";

/** What the runtime knows of a task; {@link Task} is what users see of it. */
export interface TaskRecord {
  readonly id: number;
  readonly name: string;
  readonly state: TaskState;
  /** How many of its operations are parked now. */
  waits: number;
}

export type TaskState = "running" | "waiting" | "done" | "panicked";

/** The part of Node's AsyncLocalStorage that is used here. */
export interface Storage<T = TaskRecord> {
  run<R>(value: T, fn: () => R): R;
  getStore(): T | undefined;
  enterWith(value: T | undefined): void;
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
  return registry.storage === null ? registry.current : (registry.storage.getStore() ?? null);
}

/**
 * The running task if that is known for good, across awaits too. `null` is the main program, a task that
 * had awaited something before identity was switched on, or a platform that carries nothing across.
 */
export function identifyForGood(): TaskRecord | null {
  return registry.storage?.getStore() ?? null;
}

/** Something else that is to be carried across awaits as tasks are; null where identity is off. */
export function carried<T extends object>(): Storage<T> | null {
  const { storage } = registry;
  return storage && new (storage.constructor as new () => Storage<T>)();
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
