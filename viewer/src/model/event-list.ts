import type { TraceEvent, TraceStore } from "@lockscope/trace";
import type { TimeRange } from "../timeline/time-window.js";
import type { EventFilter } from "./event-filter.js";
import { NewEvents } from "./new-events.js";

/** So many events are listed, the latest ones; a range brings up the others. */
export const MAX_EVENTS = 100_000;

/** Kind, argument and whether there is a value in one; task, lock, site, value. */
const WORDS = 5;
const HAS_VALUE = 1 << 16;

/** The events that pass a filter, in columns, so that a hundred thousand of them cost a few megabytes. */
export class EventList {
  /** How many are listed. */
  length = 0;
  /** How many passed. */
  total = 0;
  /** Nothing is left of what the last call was to take in. */
  complete = false;
  readonly #time = new Float64Array(2 * MAX_EVENTS);
  readonly #words = new Int32Array(2 * MAX_EVENTS * WORDS);
  readonly #events: NewEvents;
  readonly #filter: EventFilter;

  constructor(store: TraceStore, filter: EventFilter, range: TimeRange | undefined) {
    this.#events = new NewEvents(store, range);
    this.#filter = filter;
  }

  /**
   * Takes in what has come since. O(new events).
   * @param deadline by `performance.now()`: what is left then is for the next call
   */
  refresh(deadline?: number): this {
    const take = (event: TraceEvent) => {
      if (this.#filter(event)) this.#add(event);
    };
    this.complete = this.#events.visit(take, deadline);
    return this;
  }

  /** The event at this position; a new object. */
  at(position: number): TraceEvent {
    const words = this.#words;
    const at = position * WORDS;
    return {
      time: this.#time[position]!,
      thread: 0,
      kind: words[at]! & 0xff,
      arg: (words[at]! >>> 8) & 0xff,
      task: words[at + 1]! >>> 0,
      lock: words[at + 2]! >>> 0,
      site: words[at + 3]!,
      value: (words[at]! & HAS_VALUE) === 0 ? undefined : words[at + 4]!,
    };
  }

  /** Position of the first event that is not before `time`. */
  firstFrom(time: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#time[middle]! < time) low = middle + 1;
      else high = middle;
    }
    return low;
  }

  #add({ time, kind, arg, task, lock, site, value }: TraceEvent): void {
    this.total++;
    if (this.length === 2 * MAX_EVENTS) {
      this.#time.copyWithin(0, MAX_EVENTS);
      this.#words.copyWithin(0, MAX_EVENTS * WORDS);
      this.length = MAX_EVENTS;
    }
    const at = this.length * WORDS;
    const words = this.#words;
    this.#time[this.length++] = time;
    words[at] = kind | (arg << 8) | (value === undefined ? 0 : HAS_VALUE);
    words[at + 1] = task;
    words[at + 2] = lock;
    words[at + 3] = site;
    words[at + 4] = value ?? 0;
  }
}
