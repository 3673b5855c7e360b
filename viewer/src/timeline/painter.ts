import { AXIS_HEIGHT, type Geometry } from "./geometry.js";
import { LANE_HEIGHT, LaneRaster } from "./lane-raster.js";
import { inkOn, type Palette } from "./palette.js";
import type { LaneRow } from "./rows.js";
import type { PaintStyle, Scene } from "./scene.js";
import { fillSeverities } from "./severities.js";
import { paintLabels } from "./span-labels.js";
import { shorten } from "./text-fit.js";
import { tickLabel, ticks } from "./ticks.js";

/** Draws the timeline. Made anew when the theme or the resolution changes. */
export class Painter implements PaintStyle {
  readonly palette: Palette;
  readonly inkOnHold: string;
  readonly inkOnBlocking: string;
  readonly #raster: LaneRaster;
  readonly #ratio: number;
  #severities = new Uint8Array(0);

  constructor(palette: Palette, ratio: number) {
    this.palette = palette;
    this.#ratio = ratio;
    this.#raster = new LaneRaster(palette, ratio);
    this.inkOnHold = inkOn(palette.hold);
    this.inkOnBlocking = inkOn(palette.blocking);
  }

  paint(context: CanvasRenderingContext2D, scene: Scene): void {
    const { geometry, rows } = scene;
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    context.clearRect(0, 0, geometry.width, geometry.height);
    context.font = this.palette.font;
    context.textBaseline = "middle";
    const [first, end] = geometry.visibleRows(rows.length);
    this.#paintBands(context, scene, first, end);
    this.#paintGrid(context, geometry);
    for (let index = first; index < end; index++) {
      const row = rows[index]!;
      if (row.type !== "heading") this.#paintLane(context, scene, row, geometry.rowTop(index));
    }
    this.#paintPointer(context, scene);
    this.#paintGutter(context, scene, first, end);
    this.#paintAxis(context, geometry);
    this.#paintScrollbar(context, scene);
  }

  #paintBands(context: CanvasRenderingContext2D, scene: Scene, first: number, end: number): void {
    const { geometry, rows, chosenRow, hoverRow } = scene;
    for (let index = first; index < end; index++) {
      const top = geometry.rowTop(index);
      if (index === chosenRow || index === hoverRow) {
        context.fillStyle = this.palette.selection;
        context.fillRect(0, top, geometry.width, LANE_HEIGHT);
      }
      if (rows[index]!.type === "heading" && index > 0) {
        context.fillStyle = this.palette.grid;
        context.fillRect(0, top + 2, geometry.width, 1);
      }
    }
  }

  #paintGrid(context: CanvasRenderingContext2D, geometry: Geometry): void {
    const { times } = axisTicks(geometry);
    context.fillStyle = this.palette.grid;
    // In high contrast the line colour is made for borders: as a grid it would drown the lanes.
    context.globalAlpha = this.palette.outlined ? 0.35 : 1;
    for (const time of times) {
      context.fillRect(Math.round(geometry.xAt(time)), AXIS_HEIGHT, 1, geometry.height - AXIS_HEIGHT);
    }
    context.globalAlpha = 1;
  }

  #paintLane(context: CanvasRenderingContext2D, scene: Scene, row: LaneRow, top: number): void {
    const { geometry, store, now } = scene;
    const ratio = this.#ratio;
    const pixels = Math.max(1, Math.round(geometry.plotWidth * ratio));
    if (this.#severities.length < pixels) this.#severities = new Uint8Array(pixels);
    const { start, end } = geometry.range;
    const scale = { start, msPerPixel: (end - start) / pixels, pixels };
    const lifetime = row.task && { from: row.task.started, to: row.task.ended };
    fillSeverities(this.#severities, row.lane, store.live.spans, scale, now, row.stuck, lifetime);
    context.setTransform(1, 0, 0, 1, 0, 0);
    const x = Math.round(geometry.gutter * ratio);
    this.#raster.paint(context, x, Math.round(top * ratio), pixels, this.#severities, row.counter);
    context.setTransform(ratio, 0, 0, ratio, 0, 0);
    paintLabels(context, scene, row, top, this);
  }

  #paintPointer(context: CanvasRenderingContext2D, { geometry, hoverX }: Scene): void {
    if (hoverX === undefined) return;
    context.fillStyle = this.palette.dim;
    context.fillRect(Math.round(hoverX), AXIS_HEIGHT, 1, geometry.height - AXIS_HEIGHT);
  }

  #paintGutter(context: CanvasRenderingContext2D, scene: Scene, first: number, end: number): void {
    const { geometry, rows, chosenRow, hoverRow } = scene;
    const { gutter } = geometry;
    context.save();
    context.beginPath();
    context.rect(0, 0, gutter, geometry.height);
    context.clip();
    context.fillStyle = this.palette.background;
    context.fillRect(0, 0, gutter, geometry.height);
    for (let index = first; index < end; index++) {
      const row = rows[index]!;
      const top = geometry.rowTop(index);
      const middle = top + LANE_HEIGHT / 2 + 0.5;
      if (index === chosenRow || index === hoverRow) {
        context.fillStyle = this.palette.selection;
        context.fillRect(0, top, gutter, LANE_HEIGHT);
      }
      if (row.type === "heading") {
        context.fillStyle = this.palette.dim;
        context.fillText(row.label, 10, middle + 2);
        continue;
      }
      if (row.stuck) {
        context.fillStyle = this.palette.stuck;
        context.fillRect(2, top + 4, 3, LANE_HEIGHT - 8);
      }
      const kindWidth = row.kind === "" ? 0 : context.measureText(row.kind).width + 8;
      const room = gutter - 18;
      const label = shorten(context, row.label, room - (kindWidth < room * 0.55 ? kindWidth : 0));
      const labelWidth = context.measureText(label).width;
      context.fillStyle = this.palette.text;
      context.fillText(label, 10, middle);
      if (labelWidth + kindWidth <= room && kindWidth > 0) {
        context.fillStyle = this.palette.dim;
        context.textAlign = "right";
        context.fillText(row.kind, gutter - 8, middle);
        context.textAlign = "left";
      }
    }
    context.restore();
    context.fillStyle = this.palette.grid;
    context.fillRect(gutter - 1, 0, 1, geometry.height);
  }

  #paintAxis(context: CanvasRenderingContext2D, geometry: Geometry): void {
    context.fillStyle = this.palette.background;
    context.fillRect(0, 0, geometry.width, AXIS_HEIGHT);
    const { step, times } = axisTicks(geometry);
    context.save();
    context.beginPath();
    context.rect(geometry.gutter, 0, geometry.plotWidth, AXIS_HEIGHT);
    context.clip();
    for (const time of times) {
      const x = Math.round(geometry.xAt(time));
      context.fillStyle = this.palette.grid;
      context.fillRect(x, AXIS_HEIGHT - 6, 1, 6);
      context.fillStyle = this.palette.dim;
      context.fillText(tickLabel(time, step), x + 4, AXIS_HEIGHT / 2 - 1);
    }
    context.restore();
    context.fillStyle = this.palette.grid;
    context.fillRect(0, AXIS_HEIGHT - 1, geometry.width, 1);
  }

  #paintScrollbar(context: CanvasRenderingContext2D, { geometry, rows }: Scene): void {
    const max = geometry.maxScroll(rows.length);
    if (max === 0) return;
    const track = geometry.height - AXIS_HEIGHT;
    const thumb = Math.max(24, (track * track) / (track + max));
    const top = AXIS_HEIGHT + (geometry.scrollTop / max) * (track - thumb);
    context.globalAlpha = 0.5;
    context.fillStyle = this.palette.dim;
    context.fillRect(geometry.width - 6, top, 5, thumb);
    context.globalAlpha = 1;
  }
}

const axisTicks = (geometry: Geometry) =>
  ticks(geometry.range.start, geometry.range.end, geometry.msPerPixel * 88);
