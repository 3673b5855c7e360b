import type { DeadlockCycle, Site } from "@lockscope/trace";
import { plural } from "../model/format.js";
import type { Session } from "../session.js";
import { type Arrow, ArrowFinder } from "./arrows.js";
import { Geometry } from "./geometry.js";
import { type Hit, spanAt } from "./hit.js";
import { handleKey } from "./keyboard.js";
import { Minimap } from "./minimap.js";
import { Observable } from "./observable.js";
import { OverlayPainter } from "./overlay.js";
import { Painter } from "./painter.js";
import { readPalette, watchTheme } from "./palette.js";
import { LANE_HEIGHT } from "./patterns.js";
import { handlePointer } from "./pointer.js";
import { type LaneRow, rowsOf, type TimelineRow } from "./rows.js";
import { type SpanText, spanText } from "./span-text.js";
import type { TimeRange, TimeWindow } from "./time-window.js";
import type { TimelineView } from "./view.js";

/** What the timeline tells the page around it. */
export interface TimelineEvents {
  /** A source place was chosen. */
  open(site: Site): void;
  /** Something changed at the user's wish that the page shows or keeps. */
  viewChanged(): void;
  /** The span under the pointer, or chosen by keyboard; `undefined`: none. */
  pointed(target: PointedSpan | undefined): void;
  /** The user wants to say which instant to go to. */
  askForTime(): void;
  showHelp(): void;
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

export interface TimelineCanvases {
  /** The lanes; takes pointer and keys. */
  readonly lanes: HTMLCanvasElement;
  /** Lies over the lanes and lets the pointer through. */
  readonly overlay: HTMLCanvasElement;
  readonly minimap: HTMLCanvasElement;
}

/** While the program runs and the view follows it, time passes even when nothing happens. */
const LIVE_FRAME_MS = 66;

/** The canvases: their state, when to draw them, and what a pixel stands for. Changes whenever lanes are drawn. */
export class Timeline extends Observable {
  readonly view: TimelineView;
  /** Those that the view's mode shows. */
  rows: readonly TimelineRow[] = [];
  scrollTop = 0;
  chosenRow = -1;
  chosenSpan = -1;
  readonly canvas: HTMLCanvasElement;
  readonly events: TimelineEvents;
  readonly #canvases: TimelineCanvases;
  readonly #session: Session;
  readonly #minimap: Minimap;
  #allRows: readonly TimelineRow[] = [];
  #arrows: ArrowFinder;
  #hover: { readonly x: number; readonly y: number } | undefined;
  #painter: { readonly lanes: Painter; readonly overlay: OverlayPainter } | undefined;
  #frame = 0;
  #lanesChanged = true;
  #liveTimer: ReturnType<typeof setTimeout> | undefined;
  #width = 0;
  #height = 0;

  constructor(canvases: TimelineCanvases, session: Session, view: TimelineView, events: TimelineEvents) {
    super();
    this.#canvases = canvases;
    this.canvas = canvases.lanes;
    this.#session = session;
    this.view = view;
    this.events = events;
    this.#arrows = new ArrowFinder(session.store, []);
    this.#minimap = new Minimap(canvases.minimap, this, session);
    new ResizeObserver(() => this.#resize()).observe(this.canvas);
    watchTheme(() => {
      this.#painter = undefined;
      this.invalidate();
    });
    view.onChange(() => this.#showRows());
    view.cursor.onChange(() => this.#request());
    view.selection.onChange(() => this.#request());
    handlePointer(this);
    this.canvas.addEventListener("keydown", (event) => handleKey(this, event));
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

  /** The deadlocks so far, each cycle by itself. */
  get cycles(): readonly DeadlockCycle[] {
    return this.#session.trouble.report.cycles;
  }

  /** Where the pointer is; `undefined`: not over the canvas, or dragging. */
  set hover(hover: { readonly x: number; readonly y: number } | undefined) {
    const before = this.#hoverRow();
    this.#hover = hover;
    if (this.#hoverRow() !== before) this.#lanesChanged = true;
    this.#request();
  }

  /** Draws again with the next frame; any number of calls cost one drawing. */
  invalidate(): void {
    this.#lanesChanged = true;
    this.#request();
  }

  setRows(rows: readonly TimelineRow[]): void {
    this.#allRows = rows;
    this.#showRows();
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

  /** Puts the cursor at an instant of the trace, and brings it into view. */
  goTo(time: number): void {
    const { whole } = this;
    const at = Math.min(Math.max(time, whole.start), whole.end);
    this.window.setFollow(false, whole);
    this.view.cursor.set(at);
    this.window.reveal({ start: at, end: at }, whole);
    this.invalidate();
  }

  /** Tells the page of the chosen lane or span. */
  announce(): void {
    const row = this.laneRow(this.chosenRow);
    if (row === undefined) return;
    const { geometry, chosenSpan } = this;
    const text =
      chosenSpan >= 0
        ? this.describe(row, chosenSpan)
        : {
            label: "",
            sentence: plural(row.lane.spans.length, "span"),
            time: "",
            site: undefined,
            place: "",
          };
    const x = chosenSpan >= 0 ? geometry.xAt(this.spanRange(chosenSpan).start) : geometry.gutter;
    this.events.pointed({
      row,
      text,
      among: 1,
      x: Math.min(Math.max(x, geometry.gutter), geometry.width - 20),
      y: geometry.rowTop(this.chosenRow),
      byKeyboard: true,
    });
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

  /** The lanes as they are shown now, as a PNG. */
  async toPng(): Promise<ArrayBuffer> {
    this.#draw();
    const { width, height } = this.canvas;
    const copy = new OffscreenCanvas(width, height);
    const context = copy.getContext("2d")!;
    context.drawImage(this.canvas, 0, 0);
    context.drawImage(this.#canvases.overlay, 0, 0);
    return (await copy.convertToBlob({ type: "image/png" })).arrayBuffer();
  }

  /** The rows of the view's mode; the chosen one stays chosen wherever it is now. */
  #showRows(): void {
    const chosen = this.laneRow(this.chosenRow);
    this.rows = rowsOf(this.#allRows, this.view.mode);
    this.#arrows = new ArrowFinder(this.#session.store, this.rows);
    const index =
      chosen === undefined
        ? -1
        : this.rows.findIndex((row) => row.type !== "heading" && row.lane === chosen.lane);
    this.choose(index, index < 0 ? -1 : this.chosenSpan);
    this.scrollTo(this.scrollTop);
    this.invalidate();
  }

  #hoverRow(): number {
    return this.#hover === undefined ? -1 : this.geometry.rowAt(this.#hover.y);
  }

  #resize(): void {
    const { clientWidth, clientHeight } = this.canvas;
    this.#width = clientWidth;
    this.#height = clientHeight;
    this.scrollTo(this.scrollTop);
    this.invalidate();
  }

  #request(): void {
    if (this.#frame === 0) this.#frame = requestAnimationFrame(() => this.#draw());
  }

  #draw(): void {
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
    clearTimeout(this.#liveTimer);
    if (this.#width === 0 || this.#height === 0) return;
    const ratio = devicePixelRatio;
    const [width, height] = [Math.round(this.#width * ratio), Math.round(this.#height * ratio)];
    const { lanes, overlay } = this.#canvases;
    if (lanes.width !== width || lanes.height !== height) {
      for (const canvas of [lanes, overlay]) {
        canvas.width = width;
        canvas.height = height;
      }
      this.#painter = undefined;
    }
    const palette = readPalette(lanes);
    if (this.#painter === undefined) {
      this.#painter = { lanes: new Painter(palette, ratio), overlay: new OverlayPainter(palette, ratio) };
      this.#lanesChanged = true;
    }
    const { geometry } = this;
    if (this.#lanesChanged) this.#drawLanes(this.#painter.lanes, geometry);
    this.#drawOverlay(this.#painter.overlay, geometry);
    this.#minimap.draw(palette);
    if (this.#session.state === "live" && this.window.follow) {
      this.#liveTimer = setTimeout(() => this.invalidate(), LIVE_FRAME_MS);
    }
  }

  #drawLanes(painter: Painter, geometry: Geometry): void {
    this.#lanesChanged = false;
    painter.paint(this.canvas.getContext("2d", { alpha: false })!, {
      store: this.#session.store,
      rows: this.rows,
      geometry,
      now: this.#session.now,
      chosenRow: this.chosenRow,
      hoverRow: this.#hoverRow(),
    });
    this.changed();
  }

  #drawOverlay(painter: OverlayPainter, geometry: Geometry): void {
    const { chosenRow, chosenSpan } = this;
    const { cursor, selection } = this.view;
    const hover = this.#hover;
    painter.paint(this.#canvases.overlay.getContext("2d")!, {
      geometry,
      hoverX: hover !== undefined && hover.x >= geometry.gutter ? hover.x : undefined,
      cursor: cursor.time,
      selection: selection.range,
      chosenRow,
      chosenRange: chosenSpan < 0 ? undefined : this.spanRange(chosenSpan),
      arrows: this.#arrowsNow(),
    });
  }

  #arrowsNow(): Arrow[] {
    const row = this.laneRow(this.chosenRow);
    return [
      ...this.#arrows.waits(this.view.cursor.time ?? this.#session.now, this.chosenRow, this.cycles),
      ...(row === undefined || this.chosenSpan < 0 ? [] : this.#arrows.wakes(row, this.chosenSpan)),
    ];
  }
}
