import type { Site } from "@lockscope/trace";
import type { Session } from "../session.js";
import { Geometry } from "./geometry.js";
import { type Hit, spanAt } from "./hit.js";
import { handleKey } from "./keyboard.js";
import { LANE_HEIGHT } from "./lane-raster.js";
import { Painter } from "./painter.js";
import { readPalette, watchTheme } from "./palette.js";
import { handlePointer } from "./pointer.js";
import type { LaneRow, TimelineRow } from "./rows.js";
import { type SpanText, spanText } from "./span-text.js";
import type { TimeRange, TimeWindow } from "./time-window.js";
import type { TimelineView } from "./view.js";

/** What the timeline tells the page around it. */
export interface TimelineEvents {
  /** A source place was chosen. */
  open(site: Site): void;
  /** The shown range, or whether it follows the present, changed at the user's wish. */
  viewChanged(): void;
  /** The span under the pointer, or chosen by keyboard; `undefined`: none. */
  pointed(target: PointedSpan | undefined): void;
}

export interface PointedSpan {
  readonly row: LaneRow;
  readonly text: SpanText;
  /** How many spans lie that close together. */
  readonly among: number;
  /** CSS pixels from the canvas's corner. */
  readonly x: number;
  readonly y: number;
  readonly byKeyboard: boolean;
}

/** While the program runs and the view follows it, time passes even when nothing happens. */
const LIVE_FRAME_MS = 66;

/** The canvas: its state, when to draw it, and what a pixel stands for. */
export class Timeline {
  readonly view: TimelineView;
  rows: readonly TimelineRow[] = [];
  scrollTop = 0;
  chosenRow = -1;
  chosenSpan = -1;
  hover: { readonly x: number; readonly y: number } | undefined;
  readonly canvas: HTMLCanvasElement;
  readonly events: TimelineEvents;
  readonly #session: Session;
  #painter: Painter | undefined;
  #frame = 0;
  #liveTimer: ReturnType<typeof setTimeout> | undefined;
  #width = 0;
  #height = 0;

  constructor(canvas: HTMLCanvasElement, session: Session, view: TimelineView, events: TimelineEvents) {
    this.canvas = canvas;
    this.#session = session;
    this.view = view;
    this.events = events;
    new ResizeObserver(() => this.#resize()).observe(canvas);
    watchTheme(() => {
      this.#painter = undefined;
      this.invalidate();
    });
    handlePointer(this);
    canvas.addEventListener("keydown", (event) => handleKey(this, event));
    this.#resize();
  }

  get window(): TimeWindow {
    return this.view.window;
  }

  get whole(): TimeRange {
    return { start: this.#session.store.startTime, end: this.#session.now };
  }

  get geometry(): Geometry {
    return new Geometry(this.#width, this.#height, this.window.range(this.whole), this.scrollTop);
  }

  /** Draws again with the next frame; any number of calls cost one drawing. */
  invalidate(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  setRows(rows: readonly TimelineRow[]): void {
    this.rows = rows;
    if (this.chosenRow >= rows.length) this.choose(-1, -1);
    this.scrollTo(this.scrollTop);
    this.invalidate();
  }

  /** Begins anew, for another trace. */
  reset(): void {
    this.view.reset();
    this.scrollTop = 0;
    this.choose(-1, -1);
    this.events.viewChanged();
  }

  scrollTo(top: number): void {
    const next = Math.min(Math.max(0, top), this.geometry.maxScroll(this.rows.length));
    if (next === this.scrollTop) return;
    this.scrollTop = next;
    this.invalidate();
  }

  /** Makes a lane, and perhaps a span of it, the one that the keyboard acts on. */
  choose(row: number, span: number): void {
    this.chosenRow = row;
    this.chosenSpan = span;
    this.invalidate();
  }

  /** The lane with this index, if there is one. */
  laneRow(index: number): LaneRow | undefined {
    const row = this.rows[index];
    return row === undefined || row.type === "heading" ? undefined : row;
  }

  /** Scrolls as little as shows the row. */
  revealRow(index: number): void {
    const top = index * LANE_HEIGHT;
    const height = this.#height - 24 - LANE_HEIGHT;
    if (top < this.scrollTop) this.scrollTo(top - LANE_HEIGHT);
    else if (top > this.scrollTop + height) this.scrollTo(top - height);
  }

  hitAt(x: number, y: number): { readonly row: LaneRow; readonly hit: Hit } | undefined {
    const { geometry } = this;
    const row = this.laneRow(geometry.rowAt(y));
    if (row === undefined || x < geometry.gutter) return undefined;
    const reach = geometry.msPerPixel * 2;
    const hit = spanAt(this.#session.store, row, geometry.timeAt(x), reach);
    return hit && { row, hit };
  }

  describe(row: LaneRow, span: number): SpanText {
    return spanText(this.#session.store, row, span, this.#session.now);
  }

  /** Where the lane's task was started or its lock was made. */
  siteOf(row: LaneRow): Site | undefined {
    return this.#session.store.sites.get(row.task?.site ?? row.lock?.site ?? 0);
  }

  /** Start and end of a span, one under way ending now. */
  spanRange(span: number): TimeRange {
    const { spans } = this.#session.store.live;
    return { start: spans.start[span]!, end: Math.min(spans.end[span]!, this.#session.now) };
  }

  #resize(): void {
    const { clientWidth, clientHeight } = this.canvas;
    this.#width = clientWidth;
    this.#height = clientHeight;
    this.scrollTo(this.scrollTop);
    this.invalidate();
  }

  #draw(): void {
    this.#frame = 0;
    clearTimeout(this.#liveTimer);
    if (this.#width === 0 || this.#height === 0) return;
    const ratio = devicePixelRatio;
    const [width, height] = [Math.round(this.#width * ratio), Math.round(this.#height * ratio)];
    const { canvas } = this;
    if (canvas.width !== width || canvas.height !== height) {
      canvas.width = width;
      canvas.height = height;
      this.#painter = undefined;
    }
    this.#painter ??= new Painter(readPalette(canvas), ratio);
    const { geometry, hover } = this;
    this.#painter.paint(canvas.getContext("2d")!, {
      store: this.#session.store,
      rows: this.rows,
      geometry,
      now: this.#session.now,
      chosenRow: this.chosenRow,
      chosenSpan: this.chosenSpan,
      hoverRow: hover === undefined ? -1 : geometry.rowAt(hover.y),
      hoverX: hover !== undefined && hover.x >= geometry.gutter ? hover.x : undefined,
    });
    if (this.#session.state === "live" && this.window.follow) {
      this.#liveTimer = setTimeout(() => this.invalidate(), LIVE_FRAME_MS);
    }
  }
}
