import {
  enableIdentity,
  identify,
  type Named,
  registry,
  sleepFor,
  spawn,
  type Task,
  type WaitOptions,
  yieldTurn,
} from "./runtime/index.js";

/**
 * Starts a task, as Go's `go` statement does. `fn` begins after the caller's current synchronous
 * stretch, never inside `go`. What it throws and nobody joins ends the process, as a Go panic does.
 */
export function go<T>(fn: () => T | PromiseLike<T>, options?: Named): Task<T> {
  return spawn(fn, options, go);
}

/**
 * The task that runs this code; `undefined` in the main program. The first call switches task identity
 * on: tasks that have already awaited something by then stay unknown, and on Node 20 every `await` of
 * the process becomes slower (AsyncLocalStorage). In a browser only a task's first synchronous stretch
 * is known.
 */
export function currentTask(): Task | undefined {
  enableIdentity();
  return (identify() as Task | null) ?? undefined;
}

/** How many tasks have been started by `go` and have not ended; the main program does not count. */
export function numTasks(): number {
  return registry.liveTasks;
}

/** Lets other tasks run (Go's `runtime.Gosched`), and timers and input that are due. */
export function gosched(): Promise<void> {
  return yieldTurn(gosched);
}

/** Stops the current task for `ms` milliseconds; at once if that is zero or less, for ever if it is infinite. */
export function sleep(ms: number, options?: WaitOptions): Promise<void> {
  return sleepFor(ms, options?.signal, sleep);
}

/** `using _ = defer(() => mu.unlock())` runs `fn` at the end of the block, however it is left. */
export function defer(fn: () => void): Disposable {
  let pending = true;
  return {
    [Symbol.dispose]() {
      if (!pending) return;
      pending = false;
      fn();
    },
  };
}
