/** The part of the trace that the timeline shows. */

/** The clock ticks in steps of 64 ns; below this there is nothing to see. */
const MIN_SPAN_MS = 0.000_5;
/** Of the time itself: with less than that, the pixels of a screen would be one and the same double. */
const MIN_SHARE = 1e-12;

export interface TimeRange {
  readonly start: number;
  readonly end: number;
}

/** What is kept over a reload of the page. */
export interface WindowState {
  readonly start: number;
  readonly span: number;
  readonly fit: boolean;
  readonly follow: boolean;
}

export class TimeWindow {
  /** Shows all of the trace, however long it grows. */
  fit = true;
  /** Its right edge is the present. */
  follow = true;
  #start = 0;
  #span = 1;

  /** The range shown, given that of the whole trace. */
  range(whole: TimeRange): TimeRange {
    const length = lengthOf(whole);
    if (this.fit && this.follow) {
      this.#start = whole.start;
      this.#span = length;
    } else if (this.follow) {
      this.#start = Math.max(whole.end - this.#span, Math.min(whole.start, whole.end - this.#span));
    }
    return { start: this.#start, end: this.#start + this.#span };
  }

  /**
   * Zooms in (`factor` below 1) or out, the instant `at` staying where it is; but a present that moves on (`moving`)
   * and is followed stays at the right edge.
   */
  zoom(factor: number, at: number, whole: TimeRange, moving: boolean): void {
    const { start, end } = this.range(whole);
    const length = lengthOf(whole);
    const span = Math.min(Math.max((end - start) * factor, minSpan(whole)), length);
    const fraction = (at - start) / (end - start);
    this.fit = false;
    this.#span = span;
    if (span >= length) return this.showAll();
    if (this.follow && moving) return;
    this.#move(at - fraction * span, whole);
    if (!moving) this.follow = this.#start + span >= whole.end;
  }

  /** Moves by `ms` and so lets go of the present, unless it moves into it. */
  pan(ms: number, whole: TimeRange): void {
    const { start, end } = this.range(whole);
    if (ms > 0 && this.follow) return;
    this.fit = false;
    this.follow = ms > 0 && end + ms >= whole.end;
    this.#move(start + ms, whole);
  }

  /** Moves so that `range` can be seen, changing the scale only if it does not fit. */
  reveal(range: TimeRange, whole: TimeRange): void {
    const { start, end } = this.range(whole);
    if (range.start >= start && range.end <= end) return;
    this.fit = false;
    this.follow = false;
    this.#span = Math.max(this.#span, (range.end - range.start) * 1.2);
    this.#move((range.start + range.end) / 2 - this.#span / 2, whole);
  }

  /** Makes `range` fill the view, but for a little room beside it. */
  show(range: TimeRange, whole: TimeRange): void {
    this.range(whole);
    const length = lengthOf(whole);
    this.fit = false;
    this.follow = false;
    this.#span = Math.min(Math.max((range.end - range.start) * 1.1, minSpan(whole)), length);
    this.#move((range.start + range.end) / 2 - this.#span / 2, whole);
  }

  /** Moves so that the view begins at `start`, as far as there is something to be seen. */
  moveTo(start: number, whole: TimeRange): void {
    this.range(whole);
    this.fit = false;
    this.#move(start, whole);
    this.follow = this.#start + this.#span >= whole.end;
  }

  toStart(whole: TimeRange): void {
    this.range(whole);
    this.fit = false;
    this.follow = false;
    this.#move(whole.start, whole);
  }

  toEnd(): void {
    this.follow = true;
  }

  showAll(): void {
    this.fit = true;
    this.follow = true;
  }

  /** Stops where it is, or goes with the present again. */
  setFollow(follow: boolean, whole: TimeRange): void {
    this.range(whole);
    this.follow = follow;
  }

  save(): WindowState {
    return { start: this.#start, span: this.#span, fit: this.fit, follow: this.follow };
  }

  restore(state: Partial<WindowState>): void {
    if (Number.isFinite(state.start)) this.#start = state.start!;
    if (Number.isFinite(state.span)) this.#span = Math.max(state.span!, MIN_SPAN_MS);
    this.fit = state.fit !== false;
    this.follow = state.follow !== false;
  }

  #move(start: number, whole: TimeRange): void {
    const latest = Math.max(whole.start, whole.end - this.#span);
    this.#start = Math.min(Math.max(start, whole.start), latest);
  }
}

const minSpan = ({ end }: TimeRange): number => Math.max(MIN_SPAN_MS, end * MIN_SHARE);

const lengthOf = (whole: TimeRange): number => Math.max(whole.end - whole.start, minSpan(whole));
