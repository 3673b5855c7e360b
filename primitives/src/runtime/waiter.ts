import { unwatch, watch } from "./abort.js";
import { type Entry, instrument, type WaitFor } from "./hooks.js";
import { identify, type TaskRecord } from "./identity.js";
import { leaveQueue, type QueueNode } from "./queue.js";
import type { Resource } from "./resource.js";

/**
 * One parked operation of a task: what it waits for, where it queues, and how it goes on. Of no class
 * above it, and its steps are cut so that the frequent ones are short: a contended lock makes one each time.
 */
export class Waiter<T = void> implements QueueNode {
  /** @internal */
  prev: QueueNode | null = null;
  /** @internal */
  next: QueueNode | null = null;
  /** @internal */
  queue: object | null = null;
  /** @internal */
  signal: AbortSignal | null = null;
  /** The task that waits; null is the main program, or unknown. */
  task: TaskRecord | null = null;
  /** @internal What the instrument that is plugged in keeps of it; nothing otherwise. */
  notes: unknown = undefined;
  /** @internal */
  resolve!: (value: T) => void;
  /** @internal */
  reject!: (reason: unknown) => void;

  constructor(
    readonly resource: Resource | null,
    readonly waitFor: WaitFor,
  ) {}

  get aborted(): boolean {
    return this.signal?.aborted === true;
  }

  cancel(): void {
    cancel(this);
  }

  /** Gives up its place, wherever it stands. */
  leave(): void {
    leaveQueue(this);
  }
}

/**
 * The current task stops until {@link ready}, {@link fail} or an abort of `signal`. The only place in
 * the library where a promise is made that somebody else settles. The waiter stands in its queue
 * already; `signal` has not aborted yet.
 */
export function park<T>(waiter: Waiter<T>, signal: AbortSignal | undefined, entry: Entry): Promise<T> {
  attribute(waiter);
  const promise = new Promise<T>((resolve, reject) => {
    waiter.resolve = resolve;
    waiter.reject = reject;
  });
  if (signal !== undefined || instrument !== null) observe(waiter, signal, entry);
  return promise;
}

/**
 * The same for what nobody ever {@link fail}s: without a signal it takes a sixth less memory, as its
 * promise is never rejected.
 */
export function parkUntilReady(waiter: Waiter, signal: AbortSignal | undefined, entry: Entry): Promise<void> {
  if (signal !== undefined) return park(waiter, signal, entry);
  attribute(waiter);
  if (instrument !== null) {
    const refusal = refusalOf(waiter);
    if (refusal !== null) return Promise.reject(refusal);
    instrument.parked(waiter, entry);
  }
  return new Promise((resolve) => {
    waiter.resolve = resolve;
  });
}

/** How the wait of a thread that blocks has ended: with what it waited for, with an error, or too late. */
export type Woken = "got" | "failed" | "late";

/**
 * The current thread stops, and with it the task that runs, for as long as `sleep` takes.
 *
 * @param limited it will not take for ever
 * @throws what `sleep` throws, and the instrument's refusal of a wait that could never end
 */
export function block(waiter: Waiter<never>, limited: boolean, entry: Entry, sleep: () => Woken): Woken {
  if (instrument === null) return sleep();
  attribute(waiter);
  const refusal = limited ? null : (instrument.refuse?.(waiter) ?? null);
  if (refusal !== null) {
    settle(waiter);
    throw refusal;
  }
  instrument.parked(waiter, entry, limited ? "limit" : "forever");
  let woken: Woken = "late";
  try {
    woken = sleep();
  } finally {
    settle(waiter);
    if (woken === "late") instrument?.cancelled(waiter, true);
    else instrument?.readied(waiter, woken === "failed");
  }
  return woken;
}

function attribute<T>(waiter: Waiter<T>): void {
  const task = identify();
  if (task === null) return;
  waiter.task = task;
  task.waits++;
}

/** The error that `waiter` gets in place of a wait that could never end; it has left its queue then. */
function refusalOf<T>(waiter: Waiter<T>): Error | null {
  const refusal = instrument?.refuse?.(waiter) ?? null;
  if (refusal !== null) {
    waiter.leave();
    settle(waiter);
  }
  return refusal;
}

/** Those who have an eye on a wait: its signal, and the instrument. */
function observe<T>(waiter: Waiter<T>, signal: AbortSignal | undefined, entry: Entry): void {
  const refusal = refusalOf(waiter);
  if (refusal !== null) {
    waiter.reject(refusal);
    return;
  }
  if (signal !== undefined) watch(signal, waiter);
  if (instrument !== null) instrument.parked(waiter, entry);
}

/** Lets `waiter` go on with `value`. It has left its queue, and what it waited for is now its own. */
export function ready<T>(waiter: Waiter<T>, value: T): void {
  if (waiter.task !== null || waiter.signal !== null) settle(waiter);
  if (instrument !== null) instrument.readied(waiter, false);
  waiter.resolve(value);
}

/**
 * Lets `waiter` go on with an error. It has left its queue.
 *
 * @param got it has what it waited for all the same, and the error tells it something about that
 */
export function fail<T>(waiter: Waiter<T>, reason: unknown, got = false): void {
  settle(waiter);
  if (instrument !== null) instrument.readied(waiter, !got);
  waiter.reject(reason);
}

/** `waiter` gives up: its signal has aborted. It leaves its queue and has got nothing. */
export function cancel<T>(waiter: Waiter<T>): void {
  const reason = waiter.signal?.reason;
  waiter.leave();
  settle(waiter);
  if (instrument !== null) instrument.cancelled(waiter);
  waiter.reject(reason);
}

function settle<T>(waiter: Waiter<T>): void {
  if (waiter.task !== null) waiter.task.waits--;
  if (waiter.signal !== null) unwatch(waiter.signal, waiter);
}
