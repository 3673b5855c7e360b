import { Observable } from "./observable.js";
import type { TimeRange } from "./time-window.js";

/** The part of the trace that statistics are about. It changes with every pixel of a drag. */
export class RangeSelection extends Observable {
  #range: TimeRange | undefined;

  /** `undefined`: everything. Never empty: `start` is before `end`. */
  get range(): TimeRange | undefined {
    return this.#range;
  }

  /** Selects from one instant to another, in either order; nothing if they are the same. */
  set(from: number, to: number): void {
    const [start, end] = from < to ? [from, to] : [to, from];
    if (this.#range?.start === start && this.#range.end === end) return;
    if (start === end) return this.clear();
    this.#range = { start, end };
    this.changed();
  }

  clear(): void {
    if (this.#range === undefined) return;
    this.#range = undefined;
    this.changed();
  }
}
