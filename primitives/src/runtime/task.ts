import { granted } from "./granted.js";
import { type Entry, instrument } from "./hooks.js";
import { runAs, type TaskRecord, type TaskState } from "./identity.js";
import { WaitQueue } from "./queue.js";
import { registry } from "./registry.js";
import type { Named } from "./resource.js";
import { runThen } from "./run-then.js";
import { fail, park, ready, Waiter } from "./waiter.js";

/** A running task: what Go calls a goroutine. Not a thenable on purpose: awaiting it means `join()`. */
export interface Task<T = unknown> {
  readonly id: number;
  /** The name given to `go`, else the function's, else "task#7". */
  readonly name: string;
  /**
   * A task is `waiting` while one of its operations is parked. Which task parks is known in its first
   * synchronous stretch, and throughout once identity is on (see {@link currentTask}).
   */
  readonly state: TaskState;
  /**
   * Resolves with the task's value; rejects with what it threw. Whoever joins a task takes charge of
   * its panic: a join that comes before the task ends, or in the same turn of the event loop, keeps
   * the process alive.
   */
  join(): Promise<T>;
}

/** Waits for the end of `target`. */
export class JoinWaiter<T> extends Waiter<T> {
  constructor(readonly target: TaskRecord) {
    super(null, "join");
  }
}

class RunningTask<T> implements Task<T>, TaskRecord {
  readonly id = ++registry.lastTaskId;
  waits = 0;
  notes: unknown = undefined;
  readonly #label: string;
  readonly #joiners = new WaitQueue<JoinWaiter<T>>();
  #end: "done" | "panicked" | null = null;
  /** How it ended, as a promise; null while it runs. */
  #outcome: Promise<T> | null = null;

  constructor(label: string) {
    this.#label = label;
  }

  get task(): TaskRecord {
    return this;
  }

  get outer(): null {
    return null;
  }

  get name(): string {
    return this.#label || `task#${this.id}`;
  }

  get state(): TaskState {
    return this.#end ?? (this.waits > 0 ? "waiting" : "running");
  }

  join(): Promise<T> {
    if (this.#outcome !== null) return this.#outcome;
    const waiter = new JoinWaiter<T>(this);
    this.#joiners.push(waiter);
    return park(waiter, undefined, RunningTask.prototype.join);
  }

  return(value: T): void {
    this.#stop("done");
    this.#outcome = Promise.resolve(value);
    this.#joiners.drain((joiner) => ready(joiner, value));
  }

  /**
   * With nobody waiting, the rejected promise has no handler, and the platform ends the process as it
   * does for any unhandled rejection: after the current turn, so that a `join` in this turn is in time.
   */
  panic(error: unknown): void {
    this.#stop("panicked");
    this.#outcome = Promise.reject(error);
    if (this.#joiners.length > 0) this.#outcome.catch(() => {});
    this.#joiners.drain((joiner) => fail(joiner, error));
  }

  #stop(end: "done" | "panicked"): void {
    this.#end = end;
    registry.liveTasks--;
    if (instrument !== null) instrument.ended(this);
  }
}

/** Starts a task; see the public `go`. */
export function spawn<T>(fn: () => T | PromiseLike<T>, options: Named | undefined, entry: Entry): Task<T> {
  const task = new RunningTask<T>(options?.name ?? fn.name);
  registry.liveTasks++;
  if (instrument !== null) instrument.spawned(task, entry);
  granted.then(() => begin(task, fn));
  return task;
}

function begin<T>(task: RunningTask<T>, fn: () => T | PromiseLike<T>): void {
  if (instrument !== null) instrument.began(task);
  runThen(
    () => runAs(task, fn),
    (value) => task.return(value),
    (error) => task.panic(error),
  );
}
