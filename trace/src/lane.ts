import { Severity } from "./schema.js";
import { SegmentForest } from "./segments.js";
import type { SpanColumns } from "./spans.js";

/** Below this a linear look is as quick as the forest, and most tasks of a large program are this short. */
const FOREST_FROM = 64;

/**
 * One line of the timeline: spans that follow each other without overlap, gaps allowed. Only the last one may
 * be open. Times that run backwards (batches of several threads arrive in any order) are raised to the end of
 * what the lane already shows.
 */
export class Lane {
  /** Indices into the columns, in time order. */
  readonly spans: number[] = [];
  #columns: SpanColumns;
  #forest: SegmentForest | undefined;
  /**
   * The starts once more, side by side. Looked up through `spans`, those of a large trace lie megabytes apart,
   * and a search for the spans of a pixel would be all cache misses.
   */
  #starts: Float64Array | undefined;
  #open = -1;
  #time = 0;

  constructor(columns: SpanColumns) {
    this.#columns = columns;
  }

  /** The span under way, or -1. */
  get openSpan(): number {
    return this.#open;
  }

  /**
   * From `time` on the lane shows this. Nothing happens if it shows just this already; what was shown for no
   * time at all (between the rows of one moment) is forgotten.
   */
  show(
    time: number,
    severity: number,
    mode: number,
    subject: number,
    site: number,
    amount = 0,
    waiters = 0,
  ): void {
    const c = this.#columns;
    const open = this.#open;
    if (
      open >= 0 &&
      c.severity[open] === severity &&
      c.mode[open] === mode &&
      c.subject[open] === subject &&
      c.site[open] === site &&
      c.amount[open] === amount &&
      c.waiters[open] === waiters
    ) {
      return;
    }
    if (open >= 0 && time <= c.start[open]!) this.#retract();
    else this.clear(time);
    this.#open = c.open(this.#time, severity, mode, subject, site, amount, waiters);
    this.spans.push(this.#open);
    if (this.#starts !== undefined) this.#appendStart(this.#starts, this.#time);
  }

  /** From `time` on the lane is empty. A hold of no time still happened; a wait of no time did not. */
  clear(time: number): void {
    if (time > this.#time) this.#time = time;
    if (this.#open < 0) return;
    const c = this.#columns;
    if (c.start[this.#open] === this.#time && c.severity[this.#open]! >= Severity.wait)
      return this.#retract();
    c.end[this.#open] = this.#time;
    this.#open = -1;
    if (this.#forest !== undefined) this.#forest.push(this.#lastSeverity());
    else if (this.spans.length >= FOREST_FROM) this.#plant();
  }

  /** Position in `spans` of the first span that ends after `time` (`spans.length` if none does). O(log n). */
  firstEndingAfter(time: number, from = 0): number {
    const { end } = this.#columns;
    let low = from;
    let high = this.spans.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (end[this.spans[middle]!]! > time) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** When the span at this position starts. */
  startOf(position: number): number {
    return this.#starts === undefined ? this.#columns.start[this.spans[position]!]! : this.#starts[position]!;
  }

  /**
   * Position in `spans` of the first span that starts at `time` or later, not before `from`. O(log of the
   * distance from `from`), so that going through a lane step by step costs no more than its spans.
   */
  firstStartingFrom(time: number, from = 0): number {
    const count = this.spans.length;
    let low = from;
    let step = 1;
    while (low + step < count && this.startOf(low + step) < time) {
      low += step;
      step *= 2;
    }
    let high = Math.min(low + step, count);
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.startOf(middle) >= time) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** The highest severity among the spans at positions `from` to `to - 1`. O(log n), exact. */
  worst(from: number, to: number): number {
    const forest = this.#forest;
    let top = forest === undefined ? 0 : forest.max(from, to);
    const rest = forest === undefined ? from : Math.max(from, forest.length);
    const { severity } = this.#columns;
    for (let position = rest; position < to; position++) {
      const value = severity[this.spans[position]!]!;
      if (value > top) top = value;
    }
    return top;
  }

  /** Takes the span under way back, as if it had not been. */
  #retract(): void {
    this.#columns.forget(this.#open);
    this.#open = -1;
    this.spans.pop();
  }

  #lastSeverity(): number {
    return this.#columns.severity[this.spans[this.spans.length - 1]!]!;
  }

  #plant(): void {
    this.#forest = new SegmentForest();
    this.#starts = new Float64Array(2 * this.spans.length);
    for (const [position, span] of this.spans.entries()) {
      this.#forest.push(this.#columns.severity[span]!);
      this.#starts[position] = this.#columns.start[span]!;
    }
  }

  #appendStart(starts: Float64Array, time: number): void {
    const position = this.spans.length - 1;
    if (position < starts.length) {
      starts[position] = time;
      return;
    }
    this.#starts = new Float64Array(2 * position);
    this.#starts.set(starts);
    this.#starts[position] = time;
  }
}
