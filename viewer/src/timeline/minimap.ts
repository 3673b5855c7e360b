import { Severity } from "@lockscope/trace";
import type { Session } from "../session.js";
import { Overview } from "./overview.js";
import type { Palette } from "./palette.js";
import type { Timeline } from "./timeline.js";

/** Of the whole trace: looking at it again more often helps nobody. */
const UPDATE_MS = 200;
const STRIP = 9;
const GAP = 2;
const MIN_WINDOW = 6;

/**
 * The whole trace in two strips, the worst state of all locks above that of all tasks, and the part of it that
 * the timeline shows, which can be dragged.
 */
export class Minimap {
  readonly #canvas: HTMLCanvasElement;
  readonly #timeline: Timeline;
  readonly #session: Session;
  readonly #locks = new Overview();
  readonly #tasks = new Overview();
  #updated = Number.NEGATIVE_INFINITY;
  #version = -1;

  constructor(canvas: HTMLCanvasElement, timeline: Timeline, session: Session) {
    this.#canvas = canvas;
    this.#timeline = timeline;
    this.#session = session;
    this.#handlePointer();
  }

  draw(palette: Palette): void {
    const { clientWidth: width, clientHeight: height } = this.#canvas;
    if (width === 0 || height === 0) return;
    this.#update();
    const ratio = devicePixelRatio;
    const [pixels, rows] = [Math.round(width * ratio), Math.round(height * ratio)];
    if (this.#canvas.width !== pixels || this.#canvas.height !== rows) {
      this.#canvas.width = pixels;
      this.#canvas.height = rows;
    }
    const context = this.#canvas.getContext("2d")!;
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    context.clearRect(0, 0, width, height);
    const top = (height - 2 * STRIP - GAP) / 2;
    this.#paintStrip(context, palette, this.#locks, top);
    this.#paintStrip(context, palette, this.#tasks, top + STRIP + GAP);
    this.#paintLabels(context, palette, top);
    this.#paintRanges(context, palette);
  }

  #update(): void {
    const session = this.#session;
    const time = performance.now();
    const isLive = session.state === "live";
    if (!isLive && this.#version === session.version) return;
    if (isLive && time - this.#updated < UPDATE_MS) return;
    this.#updated = time;
    this.#version = session.version;
    const { store, now } = session;
    const { stuck } = session.trouble;
    this.#locks.update(store, "locks", now, stuck);
    this.#tasks.update(store, "tasks", now, stuck);
  }

  #paintStrip(context: CanvasRenderingContext2D, palette: Palette, overview: Overview, top: number): void {
    const { gutter, width } = this.#timeline.geometry;
    const { whole } = this.#timeline;
    const msPerPixel = (whole.end - whole.start) / Math.max(1, width - gutter);
    const look = looks(palette);
    let begin = gutter;
    let shown = 0;
    for (let x = gutter; x <= width; x++) {
      const time = whole.start + (x - gutter) * msPerPixel;
      const severity = x < width ? overview.worst(time, time + msPerPixel) : -1;
      if (severity === shown) continue;
      const { color, height } = look[shown] ?? {};
      if (color !== undefined && height !== undefined) {
        context.fillStyle = color;
        context.fillRect(begin, top + STRIP - height, x - begin, height);
      }
      begin = x;
      shown = severity;
    }
  }

  #paintLabels(context: CanvasRenderingContext2D, palette: Palette, top: number): void {
    const { gutter } = this.#timeline.geometry;
    context.font = palette.font;
    context.textBaseline = "middle";
    context.fillStyle = palette.dim;
    context.fillText("Whole trace", 10, top + STRIP + GAP / 2);
    context.fillStyle = palette.grid;
    context.fillRect(gutter - 1, 0, 1, 2 * top + 2 * STRIP + GAP);
  }

  /** What the timeline shows, what is selected, and where the cursor is. */
  #paintRanges(context: CanvasRenderingContext2D, palette: Palette): void {
    const { clientHeight: height } = this.#canvas;
    const { gutter, width } = this.#timeline.geometry;
    const { selection, cursor } = this.#timeline.view;
    const [left, right] = this.#windowEdges();
    context.globalAlpha = 0.62;
    context.fillStyle = palette.background;
    context.fillRect(gutter, 0, left - gutter, height);
    context.fillRect(right, 0, width - right, height);
    context.globalAlpha = 1;
    context.fillStyle = palette.focus;
    if (selection.range !== undefined) {
      const [from, to] = [this.#xAt(selection.range.start), this.#xAt(selection.range.end)];
      context.fillRect(from, height - 3, Math.max(2, to - from), 3);
    }
    if (cursor.time !== undefined) context.fillRect(Math.round(this.#xAt(cursor.time)) - 1, 0, 2, height);
    context.strokeStyle = palette.text;
    context.lineWidth = 1;
    context.strokeRect(left + 0.5, 0.5, right - left - 1, height - 1);
  }

  /** Left and right edge of what the timeline shows, wide enough to be got hold of. */
  #windowEdges(): [left: number, right: number] {
    const { range, gutter, width } = this.#timeline.geometry;
    const missing = Math.max(0, MIN_WINDOW - (this.#xAt(range.end) - this.#xAt(range.start)));
    const left = Math.round(this.#xAt(range.start) - missing / 2);
    const right = Math.round(this.#xAt(range.end) + missing / 2);
    return [
      Math.max(gutter, Math.min(left, width - MIN_WINDOW)),
      Math.min(width, Math.max(right, gutter + MIN_WINDOW)),
    ];
  }

  #xAt(time: number): number {
    const { gutter, plotWidth } = this.#timeline.geometry;
    const { start, end } = this.#timeline.whole;
    return gutter + ((time - start) / Math.max(end - start, Number.MIN_VALUE)) * plotWidth;
  }

  #timeAt(x: number): number {
    const { gutter, plotWidth } = this.#timeline.geometry;
    const { start, end } = this.#timeline.whole;
    return start + ((x - gutter) / plotWidth) * (end - start);
  }

  #handlePointer(): void {
    const canvas = this.#canvas;
    const timeline = this.#timeline;
    /** How far right of the view's start it was taken hold of, in milliseconds. */
    let grip: number | undefined;
    const timeOf = (event: MouseEvent) => this.#timeAt(event.clientX - canvas.getBoundingClientRect().left);
    const move = (start: number) => {
      timeline.window.moveTo(start, timeline.whole);
      timeline.events.viewChanged();
      timeline.invalidate();
    };
    canvas.addEventListener("pointerdown", (event) => {
      if (event.button !== 0) return;
      canvas.setPointerCapture(event.pointerId);
      const { range } = timeline.geometry;
      const [left, right] = this.#windowEdges();
      const x = event.clientX - canvas.getBoundingClientRect().left;
      const inside = x >= left && x <= right;
      grip = inside ? timeOf(event) - range.start : (range.end - range.start) / 2;
      if (!inside) move(timeOf(event) - grip);
    });
    canvas.addEventListener("pointermove", (event) => {
      if (grip !== undefined) move(timeOf(event) - grip);
    });
    for (const type of ["pointerup", "pointercancel"] as const) {
      canvas.addEventListener(type, () => {
        grip = undefined;
      });
    }
    canvas.addEventListener("dblclick", () => {
      timeline.window.showAll();
      timeline.events.viewChanged();
      timeline.invalidate();
    });
    canvas.addEventListener(
      "wheel",
      (event) => {
        event.preventDefault();
        const factor = Math.exp(Math.max(-200, Math.min(200, event.deltaY)) * 0.002);
        timeline.zoom(factor, timeOf(event));
        timeline.events.viewChanged();
        timeline.invalidate();
      },
      { passive: false },
    );
  }
}

/** What a severity looks like: milder ones are lower as well as of another colour. */
const looks = (
  palette: Palette,
): Partial<Record<number, { readonly color: string; readonly height: number }>> => ({
  [Severity.hold]: { color: palette.hold, height: 4 },
  [Severity.blocking]: { color: palette.blocking, height: 6 },
  [Severity.wait]: { color: palette.wait, height: 7 },
  [Severity.stuck]: { color: palette.stuck, height: 9 },
});
