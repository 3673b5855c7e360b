import { type Alarm, type Clock, instrument } from "./hooks.js";

/** The longest time a platform timer can be set to; a longer one would go off at once. */
const LONGEST = 2 ** 31 - 1;

const platform: Clock = {
  now: () => performance.now(),
  start: (ms, fn) => new PlatformAlarm(ms, fn),
};

/** A timer of any length; longer ones than the platform's are rung in instalments. */
class PlatformAlarm implements Alarm {
  #timer: ReturnType<typeof setTimeout>;
  #left: number;
  #alive = true;
  readonly #fn: () => void;

  constructor(ms: number, fn: () => void) {
    this.#left = ms;
    this.#fn = fn;
    this.#timer = this.#arm();
  }

  cancel(): void {
    clearTimeout(this.#timer);
  }

  hold(alive: boolean): void {
    this.#alive = alive;
    // A browser's timer is a number: nothing there is kept alive by it.
    const timer = this.#timer as unknown as { ref?(): void; unref?(): void };
    if (alive) timer.ref?.();
    else timer.unref?.();
  }

  #arm(): ReturnType<typeof setTimeout> {
    const step = Math.min(this.#left, LONGEST);
    this.#left -= step;
    return setTimeout(() => this.#ring(), step);
  }

  #ring(): void {
    if (this.#left === 0) {
      this.#fn();
      return;
    }
    this.#timer = this.#arm();
    this.hold(this.#alive);
  }
}

/** Milliseconds on a clock that never goes back. */
export function now(): number {
  return (instrument?.clock ?? platform).now();
}

/** Calls `fn` once, `ms` milliseconds from now. What is not above zero (or no number) means as soon as possible. */
export function startAlarm(ms: number, fn: () => void): Alarm {
  return (instrument?.clock ?? platform).start(Math.max(ms || 0, 0), fn);
}

/** A random number below `n`: the one place where the library leaves something to chance. */
export function choose(n: number): number {
  return Math.floor((instrument?.random?.() ?? Math.random()) * n);
}
