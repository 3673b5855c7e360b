import { LANE_HEIGHT } from "./patterns.js";
import type { TimeRange } from "./time-window.js";

export const AXIS_HEIGHT = 24;
const NARROW = 560;
/** Where the scroll bar can be got hold of; it is drawn narrower. */
const SCROLLBAR_REACH = 12;
const MIN_THUMB = 24;

/** The part of the scroll bar that moves, in CSS pixels. */
export interface Thumb {
  readonly top: number;
  readonly height: number;
}

/** Where things are on the canvas, in CSS pixels. */
export class Geometry {
  readonly width: number;
  readonly height: number;
  /** Width of the labels left of the lanes. */
  readonly gutter: number;
  readonly range: TimeRange;
  readonly scrollTop: number;

  constructor(width: number, height: number, range: TimeRange, scrollTop: number) {
    this.width = width;
    this.height = height;
    this.range = range;
    this.scrollTop = scrollTop;
    this.gutter = width < NARROW ? 104 : 176;
  }

  get plotWidth(): number {
    return Math.max(1, this.width - this.gutter);
  }

  get msPerPixel(): number {
    return (this.range.end - this.range.start) / this.plotWidth;
  }

  timeAt(x: number): number {
    return this.range.start + (x - this.gutter) * this.msPerPixel;
  }

  xAt(time: number): number {
    return this.gutter + (time - this.range.start) / this.msPerPixel;
  }

  /** Top of the row with this index. */
  rowTop(index: number): number {
    return AXIS_HEIGHT + index * LANE_HEIGHT - this.scrollTop;
  }

  /** Index of the row at this height, which may be past the last one; -1 in the axis. */
  rowAt(y: number): number {
    return y < AXIS_HEIGHT ? -1 : Math.floor((y - AXIS_HEIGHT + this.scrollTop) / LANE_HEIGHT);
  }

  /** Indices of the first row in sight, and of the one after the last. */
  visibleRows(count: number): [first: number, end: number] {
    const first = Math.floor(this.scrollTop / LANE_HEIGHT);
    const end = Math.ceil((this.scrollTop + this.height - AXIS_HEIGHT) / LANE_HEIGHT);
    return [Math.min(first, count), Math.min(Math.max(end, 0), count)];
  }

  maxScroll(count: number): number {
    return Math.max(0, count * LANE_HEIGHT + AXIS_HEIGHT + 4 - this.height);
  }

  /** `undefined`: all rows are in sight. */
  thumb(count: number): Thumb | undefined {
    const max = this.maxScroll(count);
    if (max === 0) return undefined;
    const track = this.height - AXIS_HEIGHT;
    const height = Math.min(track, Math.max(MIN_THUMB, (track * track) / (track + max)));
    return { top: AXIS_HEIGHT + (this.scrollTop / max) * (track - height), height };
  }

  /** Whether the scroll bar is there, if there is one. */
  isInScrollbar(x: number, y: number): boolean {
    return x >= this.width - SCROLLBAR_REACH && x < this.width && y >= AXIS_HEIGHT;
  }

  /** How far the rows scroll when the thumb moves by a pixel. */
  scrollPerPixel(count: number): number {
    const thumb = this.thumb(count);
    const way = thumb === undefined ? 0 : this.height - AXIS_HEIGHT - thumb.height;
    return way <= 0 ? 0 : this.maxScroll(count) / way;
  }
}
