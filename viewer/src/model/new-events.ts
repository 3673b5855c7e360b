import type { TraceEvent, TraceStore } from "@lockscope/trace";
import type { TimeRange } from "../timeline/time-window.js";

/** Hands out the events of a trace, or of a range of it, each once, while the trace grows. */
export class NewEvents {
  readonly #store: TraceStore;
  readonly #range: TimeRange | undefined;
  #seen = 0;
  /** The latest time handed out, and how many events of just that time: more of them may follow. */
  #reached = Number.NEGATIVE_INFINITY;
  #atReached = 0;

  constructor(store: TraceStore, range?: TimeRange) {
    this.#store = store;
    this.#range = range;
  }

  /** Those that have come since the last call. The event object is reused. O(new events). */
  visit(take: (event: TraceEvent) => void): void {
    const { eventCount } = this.#store;
    if (this.#seen === eventCount) return;
    this.#seen = eventCount;
    const { start = Number.NEGATIVE_INFINITY, end = Number.POSITIVE_INFINITY } = this.#range ?? {};
    let known = this.#atReached;
    this.#store.eventsBetween(Math.max(justBefore(this.#reached), start), end, (event) => {
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
