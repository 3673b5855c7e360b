import type { DeadlockCycle, Site, TraceStore } from "@lockscope/trace";
import type { Session } from "../session.js";
import { type Arrow, ArrowFinder } from "./arrows.js";
import { AXIS_HEIGHT, Geometry } from "./geometry.js";
import { type Hit, spanAt } from "./hit.js";
import { handleKey } from "./keyboard.js";
import { Minimap } from "./minimap.js";
import { Observable } from "./observable.js";
import type { OverlayScene } from "./overlay.js";
import { LANE_HEIGHT } from "./patterns.js";
import { handlePointer } from "./pointer.js";
import { type LaneRow, rowsOf, type TimelineRow } from "./rows.js";
import type { Scene } from "./scene.js";
import { type SpanText, spanText } from "./span-text.js";
import { Surface, type TimelineCanvases } from "./surface.js";
import type { TimeRange, TimeWindow } from "./time-window.js";
import type { PointedThing, TimelineEvents } from "./timeline-events.js";
import type { TimelineView } from "./view.js";

/** What the canvases show: rows, what is chosen, and what a pixel stands for. Changes whenever lanes are drawn. */
export class Timeline extends Observable {
  readonly view: TimelineView;
  /** Those that the view's mode shows. */
  rows: readonly TimelineRow[] = [];
  scrollTop = 0;
  chosenRow = -1;
  chosenSpan = -1;
  readonly canvas: HTMLCanvasElement;
  readonly events: TimelineEvents;
  readonly #session: Session;
  readonly #surface: Surface;
  #allRows: readonly TimelineRow[] = [];
  #arrows: ArrowFinder;
  #hover: { readonly x: number; readonly y: number } | undefined;

  constructor(canvases: TimelineCanvases, session: Session, view: TimelineView, events: TimelineEvents) {
    super();
    this.canvas = canvases.lanes;
    this.#session = session;
    this.view = view;
    this.events = events;
    this.#arrows = new ArrowFinder(session.store, []);
    const minimap = new Minimap(canvases.minimap, this, session);
    this.#surface = new Surface(canvases, {
      lanes: () => this.#lanes(),
      overlay: () => this.#overlay(),
      moves: () => this.#isMoving && this.window.follow,
      drawMinimap: (palette) => minimap.draw(palette),
      drawn: () => this.changed(),
      resized: () => this.scrollTo(this.scrollTop),
    });
    view.onChange(() => this.#showRows());
    for (const part of [view.cursor, view.selection]) part.onChange(() => this.#surface.invalidateOverlay());
    handlePointer(this);
    this.canvas.addEventListener("keydown", (event) => handleKey(this, event));
  }

  get window(): TimeWindow {
    return this.view.window;
  }

  get whole(): TimeRange {
    return { start: this.store.startTime, end: this.#session.now };
  }

  get geometry(): Geometry {
    const { width, height } = this.#surface;
    return new Geometry(width, height, this.window.range(this.whole), this.scrollTop);
  }

  get store(): TraceStore {
    return this.#session.store;
  }

  /** The deadlocks so far, each cycle by itself. */
  get cycles(): readonly DeadlockCycle[] {
    return this.#session.trouble.report.cycles;
  }

  /** Where the pointer is; `undefined`: not over the canvas, or dragging. */
  set hover(hover: { readonly x: number; readonly y: number } | undefined) {
    const before = this.#hoverRow();
    this.#hover = hover;
    if (this.#hoverRow() !== before) this.#surface.invalidate();
    else this.#surface.invalidateOverlay();
  }

  /** Draws again with the next frame; any number of calls cost one drawing. */
  invalidate(): void {
    this.#surface.invalidate();
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

  /** Makes the lane of a task or a lock the chosen one, and brings it into view, if the filter lets it through. */
  chooseThing(type: LaneRow["type"], id: number): void {
    const isMeant = (row: TimelineRow) => row.type === type && row.id === id;
    if (!this.rows.some(isMeant) && this.#allRows.some(isMeant)) this.view.setMode("both");
    const index = this.rows.findIndex(isMeant);
    // Of the lane that is chosen already a span may be chosen too.
    if (index < 0 || index === this.chosenRow) return;
    this.choose(index, -1);
    this.revealRow(index);
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

  /** Zooms in (`factor` below 1) or out, at an instant. */
  zoom(factor: number, at: number): void {
    this.window.zoom(factor, at, this.whole, this.#isMoving);
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
    const height = this.#surface.height - AXIS_HEIGHT - LANE_HEIGHT;
    if (top < this.scrollTop) this.scrollTo(top - LANE_HEIGHT);
    else if (top > this.scrollTop + height) this.scrollTo(top - height);
  }

  hitAt(x: number, y: number): { readonly row: LaneRow; readonly hit: Hit } | undefined {
    const { geometry } = this;
    const row = this.laneRow(geometry.rowAt(y));
    if (row === undefined || x < geometry.gutter) return undefined;
    const reach = geometry.msPerPixel * 2;
    const hit = spanAt(this.store, row, geometry.timeAt(x), reach);
    return hit && { row, hit };
  }

  describe(row: LaneRow, span: number): SpanText {
    return spanText(this.store, row, span, this.#session.now);
  }

  /** A span with its lane. */
  inWords(row: LaneRow, span: number): PointedThing {
    return { kind: row.kind, label: row.label, text: this.describe(row, span) };
  }

  /** Where the lane's task was started or its lock was made. */
  siteOf(row: LaneRow): Site | undefined {
    return this.store.sites.get(row.task?.site ?? row.lock?.site ?? 0);
  }

  /** Start and end of a span, one under way ending now. */
  spanRange(span: number): TimeRange {
    const { start, end } = this.store.live.spans;
    return { start: start[span]!, end: Math.min(end[span]!, this.#session.now) };
  }

  /** The lanes as they are shown now, as a PNG. */
  toPng(): Promise<ArrayBuffer> {
    return this.#surface.toPng();
  }

  /** The present moves on. */
  get #isMoving(): boolean {
    return this.#session.state === "live";
  }

  /** The rows of the view's mode; the chosen one stays chosen wherever it is now. */
  #showRows(): void {
    const chosen = this.laneRow(this.chosenRow);
    this.rows = rowsOf(this.#allRows, this.view.mode);
    this.#arrows = new ArrowFinder(this.store, this.rows);
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

  #lanes(): Scene {
    return {
      store: this.store,
      rows: this.rows,
      geometry: this.geometry,
      now: this.#session.now,
      chosenRow: this.chosenRow,
      hoverRow: this.#hoverRow(),
      stoppedTask: this.#session.stopped?.task,
    };
  }

  #overlay(): OverlayScene {
    const { geometry, chosenRow, chosenSpan } = this;
    const hover = this.#hover;
    return {
      geometry,
      hoverX: hover !== undefined && hover.x >= geometry.gutter ? hover.x : undefined,
      cursor: this.view.cursor.time,
      selection: this.view.selection.range,
      chosenRow,
      chosenRange: chosenSpan < 0 ? undefined : this.spanRange(chosenSpan),
      arrows: this.#arrowsNow(),
    };
  }

  #arrowsNow(): Arrow[] {
    const row = this.laneRow(this.chosenRow);
    return [
      ...this.#arrows.waits(this.view.cursor.time ?? this.#session.now, this.chosenRow, this.cycles),
      ...(row === undefined || this.chosenSpan < 0 ? [] : this.#arrows.wakes(row, this.chosenSpan)),
    ];
  }
}
