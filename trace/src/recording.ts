/**
 * The rows of a trace in the order in which they were applied, as stretches of the batches that they came in: no
 * row is copied. Times rise from stretch to stretch, except where a thread was heard of too late. 20 bytes a
 * stretch: a batch, if one thread writes; where threads take turns, what one writes before the next does.
 */
import { decodeRows, newEvent, type RecordedBatch, type TraceEvent } from "./row-decoder.js";

export class Recording {
  /** Of each stretch its batch, its first row, and the row after its last one. */
  readonly #batches: RecordedBatch[] = [];
  #from = new Uint16Array(64);
  #to = new Uint16Array(64);
  /** The latest time in each stretch and all before it: never falls. */
  #reach = new Float64Array(64);
  /** Stretches with a row that is earlier than one before it, and the earliest such time in each. */
  readonly #late: { readonly stretch: number; readonly time: number }[] = [];

  /** How many stretches there are. */
  get length(): number {
    return this.#batches.length;
  }

  /**
   * @param reach the latest time so far, these rows included
   * @param late the earliest time of a row that is earlier than one before it; Infinity: there is none
   */
  add(recorded: RecordedBatch, from: number, to: number, reach: number, late: number): void {
    const stretch = this.#batches.push(recorded) - 1;
    if (stretch === this.#reach.length) this.#grow();
    this.#from[stretch] = from;
    this.#to[stretch] = to;
    this.#reach[stretch] = reach;
    if (late < Number.POSITIVE_INFINITY) this.#late.push({ stretch, time: late });
  }

  /** Visits all rows. The event object is reused. */
  forEach(visit: (event: TraceEvent) => void): void {
    const event = newEvent();
    for (let stretch = 0; stretch < this.length; stretch++) this.#decode(stretch, event, visit);
  }

  /**
   * Visits the rows later than `after` and not later than `until`, in the order in which they were applied.
   * O(log stretches + rows visited), besides what came late.
   * @param first rows of earlier stretches are left out
   */
  between(after: number, until: number, visit: (event: TraceEvent) => void, first = 0): void {
    const event = newEvent();
    const visitInside = (inside: TraceEvent) => {
      if (inside.time > after && inside.time <= until) visit(inside);
    };
    let stretch = Math.max(first, this.#firstReaching(after));
    for (; stretch < this.length; stretch++) {
      if (stretch > 0 && this.#reach[stretch - 1]! > until) break;
      this.#decode(stretch, event, visitInside);
    }
    for (let at = this.#firstLate(stretch); at < this.#late.length; at++) {
      const late = this.#late[at]!;
      if (late.time <= until) this.#decode(late.stretch, event, visitInside);
    }
  }

  /** The first stretch with a row later than `time`, or with such a row before it. */
  #firstReaching(time: number): number {
    let low = 0;
    let high = this.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#reach[middle]! > time) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #firstLate(stretch: number): number {
    let low = 0;
    let high = this.#late.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#late[middle]!.stretch >= stretch) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #decode(stretch: number, event: TraceEvent, visit: (event: TraceEvent) => void): void {
    decodeRows(this.#batches[stretch]!, this.#from[stretch]!, this.#to[stretch]!, event, visit);
  }

  #grow(): void {
    const size = 2 * this.#reach.length;
    const [from, to, reach] = [new Uint16Array(size), new Uint16Array(size), new Float64Array(size)];
    from.set(this.#from);
    to.set(this.#to);
    reach.set(this.#reach);
    this.#from = from;
    this.#to = to;
    this.#reach = reach;
  }
}
