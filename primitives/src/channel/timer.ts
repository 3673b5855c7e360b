import { NoCopy } from "../no-copy.js";
import type { Alarm } from "../runtime/hooks.js";
import { now, startAlarm } from "../runtime/index.js";
import { Channel } from "./channel.js";
import { WatchedQueue } from "./watched-queue.js";

/** A channel on which the time is sent; one that nobody fetches makes room for nothing newer. */
class TimeChannel extends Channel<Date> {
  #alarm: Alarm | null = null;

  constructor(name: string) {
    super(1, { name });
    // Only while somebody waits is the process kept alive: a select that had its answer must not make the
    // program wait out the time-out that lost.
    this.receivers = new WatchedQueue((waiting) => this.#alarm?.hold(waiting));
  }

  /** @internal */
  override get kind(): string {
    return "Timer";
  }

  /** Sends the time in `ms` milliseconds, then calls `next`. */
  arm(ms: number, next?: () => void): void {
    this.#alarm = startAlarm(ms, () => {
      this.#alarm = null;
      this.trySend(new Date());
      next?.();
    });
    this.#alarm.hold(!this.receivers.empty);
  }

  /** Whether something was still to come: the alarm, or a time that nobody has fetched. */
  disarm(): boolean {
    const pending = this.#alarm !== null;
    this.#alarm?.cancel();
    this.#alarm = null;
    return (this.length > 0 && this.tryReceive() !== undefined) || pending;
  }
}

/** A channel on which the time comes once, `ms` milliseconds from now (Go's `time.After`). */
export function after(ms: number): Channel<Date> {
  const channel = new TimeChannel(`after(${ms})`);
  channel.arm(ms);
  return channel;
}

/**
 * Go's `time.Timer`: the time comes once on `c`. As since Go 1.23, a time that has come but was not
 * fetched counts as pending, and no stale one is left after `stop` and `reset`.
 */
export class Timer extends NoCopy implements Disposable {
  readonly #channel: TimeChannel;

  constructor(ms: number) {
    super();
    this.#channel = new TimeChannel(`Timer(${ms})`);
    this.#channel.arm(ms);
  }

  /** @internal */
  get kind(): string {
    return "Timer";
  }

  get c(): Channel<Date> {
    return this.#channel;
  }

  /** Whether it was still pending. A task that waits on `c` goes on waiting. */
  stop(): boolean {
    return this.#channel.disarm();
  }

  /** Starts again with `ms` milliseconds; whether it was still pending. */
  reset(ms: number): boolean {
    const pending = this.#channel.disarm();
    this.#channel.arm(ms);
    return pending;
  }

  [Symbol.dispose](): void {
    this.stop();
  }
}

class TickChannel extends TimeChannel implements Disposable {
  #due = now();

  constructor(readonly period: number) {
    super(`tick(${period})`);
    this.#next();
  }

  [Symbol.dispose](): void {
    this.disarm();
  }

  /** Keeps to the beat: a tick that came late does not put off those after it, missed ones are left out. */
  #next(): void {
    const late = Math.max(0, now() - this.#due);
    this.#due += this.period * (1 + Math.floor(late / this.period));
    this.arm(this.#due - now(), () => this.#next());
  }
}

/**
 * A channel on which the time comes every `ms` milliseconds until it is disposed (Go's `time.Tick`); a
 * slow receiver misses ticks.
 *
 * @throws {RangeError} unless `ms` is above zero (as Go's `NewTicker` panics)
 */
export function tick(ms: number): Channel<Date> & Disposable {
  if (!(ms > 0)) throw new RangeError(`tick: the interval must be above zero: ${ms}`);
  return new TickChannel(ms);
}
