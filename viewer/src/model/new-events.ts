import { type TraceEvent, type TraceStore, windowEnds } from "@lockscope/trace";
import type { TimeRange } from "../timeline/time-window.js";

/** Hands out the events of a trace, or of a range of it, each once, while the trace grows. */
export class NewEvents {
  readonly #store: TraceStore;
  readonly #range: TimeRange | undefined;
  #seen = 0;
  /** The latest time handed out, and how many events of just that time: more of them may follow. */
  #reached = Number.NEGATIVE_INFINITY;
  #atReached = 0;
  /** Up to which time a call that had to stop has handed out everything. */
  #stopped = Number.NEGATIVE_INFINITY;

  constructor(store: TraceStore, range?: TimeRange) {
    this.#store = store;
    this.#range = range;
  }

  /**
   * Those that have come since the last call. The event object is reused. O(new events).
   * @param deadline by `performance.now()`: what is left then is for the next call
   * @returns whether nothing is left
   */
  visit(take: (event: TraceEvent) => void, deadline = Number.POSITIVE_INFINITY): boolean {
    const { eventCount } = this.#store;
    if (this.#seen === eventCount) return true;
    const { start = Number.NEGATIVE_INFINITY, end: last = Number.POSITIVE_INFINITY } = this.#range ?? {};
    for (const end of windowEnds(this.#store)) {
      if (end < Math.max(start, this.#reached) || end <= this.#stopped) continue;
      this.#visitFrom(Math.max(justBefore(this.#reached), start), Math.min(end, last), take);
      if (end >= last) break;
      this.#stopped = end;
      if (performance.now() >= deadline) return false;
    }
    this.#stopped = Number.NEGATIVE_INFINITY;
    this.#seen = eventCount;
    return true;
  }

  #visitFrom(after: number, end: number, take: (event: TraceEvent) => void): void {
    let known = this.#atReached;
    this.#store.eventsBetween(after, end, (event) => {
      if (event.time === this.#reached) {
        if (known-- > 0) return;
        this.#atReached++;
      } else if (event.time > this.#reached) {
        this.#reached = event.time;
        this.#atReached = 1;
        known = 0;
      }
      take(event);
    });
  }
}

/** The number below a time. */
const justBefore = (time: number) => (time > 0 ? time * (1 - Number.EPSILON) : time - 1);
