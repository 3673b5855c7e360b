import { LaneIndex } from "./lane-index.js";
import { type ScannedSpans, scanRanks } from "./lane-scan.js";
import { rankOf, severityOfRank } from "./rank.js";
import { Severity } from "./schema.js";
import type { SpanColumns } from "./spans.js";

/** Below this a linear look is as quick as an index, and most tasks of a large program are this short. */
const INDEX_FROM = 64;

/**
 * One line of the timeline: spans that follow each other without overlap, gaps allowed. Only the last one may
 * be open. Times that run backwards (batches of several threads arrive in any order) are raised to the end of
 * what the lane already shows.
 */
export class Lane {
  /** Indices into the columns, in time order; what lies behind `count` means nothing. None as long as one is all. */
  #spans = NONE;
  /** The first: most locks and tasks of a program that makes many have no other. */
  #first = -1;
  #count = 0;
  #view = NONE;
  readonly #columns: SpanColumns;
  /** Of the spans that are closed, as far as anybody has asked for them. */
  #index: LaneIndex | undefined;
  #open = -1;
  #time = 0;

  constructor(columns: SpanColumns) {
    this.#columns = columns;
  }

  /** How many spans there are. */
  get count(): number {
    return this.#count;
  }

  /** The index in the columns of the span at a position. */
  spanAt(position: number): number {
    return this.#spans === NONE ? this.#first : this.#spans[position]!;
  }

  /** The indices of all spans in the columns, in time order, as they are now. */
  get spans(): Uint32Array {
    if (this.#view.length !== this.#count) this.#view = this.#array().subarray(0, this.#count);
    return this.#view;
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
    this.#push(this.#open);
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
  }

  /** Position of the first span that ends after `time` (`count` if none does). O(log n). */
  firstEndingAfter(time: number, from = 0): number {
    const { end } = this.#columns;
    let low = from;
    let high = this.#count;
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (end[this.spanAt(middle)]! > time) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  /** When the span at this position starts. */
  startOf(position: number): number {
    const index = this.#index;
    return index !== undefined && position < index.length
      ? index.starts[position]!
      : this.#columns.start[this.spanAt(position)]!;
  }

  /**
   * Position of the first span that starts at `time` or later, not before `from`. O(log of the
   * distance from `from`), so that going through a lane step by step costs no more than its spans.
   */
  firstStartingFrom(time: number, from = 0): number {
    this.#bringUpToDate();
    const count = this.#count;
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
    return severityOfRank(this.#highest(from, to));
  }

  /**
   * Raises `out[i]` to the highest rank (see `rankOf`) that the lane shows from `start + i * step` to
   * `start + (i + 1) * step`, for `count` such steps: exact, whatever the scale.
   * O(count * log(spans a step)).
   */
  raiseRanks(out: Uint8Array, start: number, step: number, count: number): void {
    const first = Math.min(this.firstEndingAfter(start), this.firstStartingFrom(start));
    const closed = this.#closed;
    if (first < closed) scanRanks(out, this.#scanned(closed), first, start, step, count);
    if (this.#open < 0) return;
    const rank = this.#rankAt(closed);
    const begin = this.#columns.start[this.#open]!;
    let pixel = Math.max(0, Math.floor((begin - start) / step) - 1);
    while (pixel < count && start + (pixel + 1) * step <= begin) pixel++;
    for (; pixel < count; pixel++) if (rank > out[pixel]!) out[pixel] = rank;
  }

  get #closed(): number {
    return this.#open < 0 ? this.#count : this.#count - 1;
  }

  #bringUpToDate(): LaneIndex | undefined {
    const closed = this.#closed;
    if (this.#index === undefined && closed >= INDEX_FROM) this.#index = new LaneIndex();
    if (this.#index !== undefined && this.#index.length < closed)
      this.#index.extend(this.#spans, this.#columns, closed);
    return this.#index;
  }

  #scanned(count: number): ScannedSpans {
    const spans = this.#array();
    const { end, start } = this.#columns;
    const index = this.#bringUpToDate();
    const few = index === undefined ? spans.subarray(0, count) : NONE;
    return {
      starts: index?.starts ?? Float64Array.from(few, (span) => start[span]!),
      ranks: index?.ranks.values ?? Uint8Array.from(few, (_, position) => this.#rankAt(position)),
      count,
      endOf: (position) => end[spans[position]!]!,
      highest: (from, to) => this.#highest(from, to),
    };
  }

  #highest(from: number, to: number): number {
    const index = this.#bringUpToDate();
    let top = index === undefined ? 0 : index.ranks.max(from, to);
    const rest = index === undefined ? from : Math.max(from, index.length);
    for (let position = rest; position < to; position++) {
      const rank = this.#rankAt(position);
      if (rank > top) top = rank;
    }
    return top;
  }

  /** Takes the span under way back, as if it had not been. */
  #retract(): void {
    this.#columns.forget(this.#open);
    this.#open = -1;
    this.#count--;
  }

  #rankAt(position: number): number {
    const span = this.spanAt(position);
    return rankOf(this.#columns.severity[span]!, this.#columns.waiters[span]!);
  }

  #array(): Uint32Array<ArrayBuffer> {
    return this.#spans === NONE && this.#count > 0 ? Uint32Array.of(this.#first) : this.#spans;
  }

  #push(span: number): void {
    if (this.#count === 0) this.#first = span;
    if (this.#count === 0 || this.#count >= this.#spans.length) this.#grow();
    if (this.#spans !== NONE) this.#spans[this.#count] = span;
    this.#count++;
  }

  /** Makes room for one more, if that takes an array. */
  #grow(): void {
    this.#view = NONE;
    if (this.#count === 0) return;
    const grown = new Uint32Array(Math.max(8, 2 * this.#count));
    grown.set(this.#array());
    this.#spans = grown;
  }
}

const NONE = new Uint32Array(0);
