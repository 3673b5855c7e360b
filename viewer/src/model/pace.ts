/** At most this part of the time goes into one thing. */
const SHARE = 0.25;

/** Lets something be done again once what it cost the last time is a small part of the time since. */
export class Pace {
  /** When it may be done again, by `performance.now()`. */
  due = 0;

  get isDue(): boolean {
    return performance.now() >= this.due;
  }

  /** Does it, and notes what it costs. */
  run<T>(work: () => T): T {
    const start = performance.now();
    const result = work();
    this.spent(performance.now() - start);
    return result;
  }

  /** It was done just now, and has cost so many milliseconds. */
  spent(cost: number): void {
    this.due = performance.now() + cost / SHARE;
  }
}
