import type { TaskRecord } from "./identity.js";
import { type HOOKS_VERSION, registry } from "./registry.js";
import type { Resource } from "./resource.js";
import type { Waiter } from "./waiter.js";

/**
 * What a waiter waits for. Later primitives add theirs.
 * `yield` and `sleep` end by themselves, and so may `external`, a promise of the program's own; all
 * others need somebody.
 */
export type WaitFor =
  | "lock"
  | "rLock"
  | "acquire"
  | "wait"
  | "send"
  | "receive"
  | "select"
  | "join"
  | "external"
  | "sleep"
  | "yield";

/** What a primitive did without waiting. Later primitives add theirs. */
export type Event =
  | "lock"
  | "rLock"
  | "unlock"
  | "rUnlock"
  | "lockFailed"
  | "rLockFailed"
  | "acquire"
  | "release"
  | "acquireFailed"
  | "add"
  | "wait"
  | "send"
  | "receive"
  | "receiveEnd"
  | "sendFailed"
  | "receiveFailed"
  | "close"
  | "select"
  | "signal"
  | "broadcast"
  | "recovered"
  | "rRecovered";

/** The public function that was called: what a stack trace leaves out, so that it starts at the caller. */
export type Entry = ((...args: never[]) => unknown) | (abstract new (...args: never[]) => unknown);

/**
 * What plugs into the seam: tracing, deadlock detection, virtual time, schedule exploration. The
 * primitives know none of them; they report here what they did.
 */
export interface Instrument {
  readonly version: typeof HOOKS_VERSION;
  created(resource: Resource, entry: Entry): void;
  /**
   * An operation went through at once. `arg`: a WaitGroup's delta, a semaphore's permits, a channel's length
   * afterwards, the index of a select's case (whose channel reports the operation itself; null for `otherwise`),
   * what a thread held that has ended, and that is given back in its place.
   */
  event(event: Event, resource: Resource | null, arg: number, entry: Entry): void;
  /** Asked before the current task stops: the error it gets instead, where its wait could never end. */
  refuse?(waiter: Waiter<never>): Error | null;
  /**
   * The current task stops here.
   * @param blocks how its thread stops with it, if it does: "forever", or until a "limit"
   */
  parked(waiter: Waiter<never>, entry: Entry, blocks?: "forever" | "limit"): void;
  /**
   * The current task (or the event loop) lets `waiter` go on: what it waited for is its own now, unless
   * it `failed` (its channel was closed, the task that it joined has thrown).
   */
  readied(waiter: Waiter<never>, failed: boolean): void;
  /** `waiter` gave up: its signal aborted, or its time was over (`late`). It got nothing. */
  cancelled(waiter: Waiter<never>, late?: boolean): void;
  spawned(task: TaskRecord, entry: Entry): void;
  began(task: TaskRecord): void;
  ended(task: TaskRecord): void;
  /** Where somebody took `resource` who still has it: "src/bank.ts:12:14". */
  heldAt?(resource: Resource): string | undefined;
  /** The number by which a trace knows the running task, where one is recorded. */
  currentTaskId?(): number;
  /** Another notion of time, for tests and for the exploration of schedules. */
  readonly clock?: Clock;
  /** Stands in for `Math.random` where the library chooses. */
  random?(): number;
}

/** Milliseconds, from any fixed point. */
export interface Clock {
  now(): number;
  start(ms: number, fn: () => void): Alarm;
}

export interface Alarm {
  /** Harmless when it has gone off. */
  cancel(): void;
  /** Whether it alone keeps the process alive. */
  hold(alive: boolean): void;
}

/**
 * What is plugged in; null nearly always. Every hot path pays one check of this and no more.
 * Each copy of the library has its own, set through the registry.
 */
export let instrument: Instrument | null = registry.instrument;

registry.copies.push({
  plug(next) {
    instrument = next;
  },
  visit(visitor) {
    visitor();
  },
});
