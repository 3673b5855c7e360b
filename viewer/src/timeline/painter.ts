import { AXIS_HEIGHT, type Geometry } from "./geometry.js";
import { paintMarks } from "./marks.js";
import { inkOn, type Palette } from "./palette.js";
import { LANE_HEIGHT } from "./patterns.js";
import { Plot, type PlotLine } from "./plot.js";
import type { PaintStyle, Scene } from "./scene.js";
import { paintLabels } from "./span-labels.js";
import { shorten } from "./text-fit.js";
import { axisLabels, ticks } from "./ticks.js";

/** Draws the timeline. Made anew when the theme or the resolution changes. */
export class Painter implements PaintStyle {
  readonly palette: Palette;
  readonly inkOnHold: string;
  readonly inkOnBlocking: string;
  readonly #plot: Plot;
  readonly #ratio: number;

  constructor(palette: Palette, ratio: number) {
    this.palette = palette;
    this.#ratio = ratio;
    this.#plot = new Plot(palette, ratio);
    this.inkOnHold = inkOn(palette.hold);
    this.inkOnBlocking = inkOn(palette.blocking);
  }

  paint(context: CanvasRenderingContext2D, scene: Scene): void {
    const { geometry, rows } = scene;
    const [first, end] = geometry.visibleRows(rows.length);
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    context.font = this.palette.font;
    context.textBaseline = "middle";
    this.#paintPlot(context, scene, first, end);
    for (let index = first; index < end; index++) {
      const row = rows[index]!;
      if (row.type !== "heading") paintLabels(context, scene, row, geometry.rowTop(index), this);
    }
    this.#paintGutter(context, scene, first, end);
    this.#paintHeadings(context, scene, first, end);
    this.#paintAxis(context, scene);
    this.#paintScrollbar(context, scene);
  }

  #paintPlot(context: CanvasRenderingContext2D, scene: Scene, first: number, end: number): void {
    const { geometry, rows, store, now, chosenRow, hoverRow } = scene;
    const ratio = this.#ratio;
    const plotTop = Math.round(AXIS_HEIGHT * ratio);
    const left = Math.round(geometry.gutter * ratio);
    const pixels = Math.max(1, Math.round(geometry.plotWidth * ratio));
    const { start, end: endTime } = geometry.range;
    const lines: PlotLine[] = [];
    for (let index = first; index < end; index++) {
      const row = rows[index]!;
      lines.push({
        row: row.type === "heading" ? undefined : row,
        top: Math.round(geometry.rowTop(index) * ratio) - plotTop,
        lit: index === chosenRow || index === hoverRow,
      });
    }
    const image = this.#plot.paint(lines, {
      columns: store.live.spans,
      scale: { start, msPerPixel: (endTime - start) / pixels, pixels },
      now,
      height: Math.max(1, Math.round(geometry.height * ratio) - plotTop),
      grid: axisTicks(geometry)
        .times.map((time) => Math.round(geometry.xAt(time) * ratio) - left)
        .filter((column) => column >= 0 && column < pixels),
    });
    context.putImageData(image, left, plotTop);
  }

  /** The line above a heading, over its whole width. */
  #paintHeadings(context: CanvasRenderingContext2D, scene: Scene, first: number, end: number): void {
    const { geometry, rows } = scene;
    context.fillStyle = this.palette.grid;
    for (let index = Math.max(first, 1); index < end; index++) {
      if (rows[index]!.type !== "heading") continue;
      context.fillRect(0, geometry.rowTop(index) + 2, geometry.width, 1);
    }
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
      const isStopped = row.type === "task" && row.id === scene.stoppedTask;
      if (isStopped) this.#paintStopped(context, gutter - 14, middle);
      const kindWidth = row.kind === "" ? 0 : context.measureText(row.kind).width + 8;
      const room = gutter - (isStopped ? 34 : 18);
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

  /** As debuggers mark the line that they stand at. */
  #paintStopped(context: CanvasRenderingContext2D, x: number, middle: number): void {
    context.fillStyle = this.palette.wait;
    context.beginPath();
    context.moveTo(x + 8, middle);
    context.lineTo(x - 1, middle - 6);
    context.lineTo(x - 1, middle + 6);
    context.fill();
  }

  #paintAxis(context: CanvasRenderingContext2D, { geometry, store }: Scene): void {
    context.fillStyle = this.palette.background;
    context.fillRect(0, 0, geometry.width, AXIS_HEIGHT);
    const instants = axisTicks(geometry);
    const { base, labels } = axisLabels(instants);
    if (base !== undefined) {
      context.fillStyle = this.palette.dim;
      context.textAlign = "right";
      context.fillText(base, geometry.gutter - 8, AXIS_HEIGHT / 2 - 1);
      context.textAlign = "left";
    }
    context.save();
    context.beginPath();
    context.rect(geometry.gutter, 0, geometry.plotWidth, AXIS_HEIGHT);
    context.clip();
    for (const [index, time] of instants.times.entries()) {
      const x = Math.round(geometry.xAt(time));
      context.fillStyle = this.palette.grid;
      context.fillRect(x, AXIS_HEIGHT - 6, 1, 6);
      context.fillStyle = this.palette.dim;
      const room = geometry.width - x - 4;
      if (context.measureText(labels[index]!).width > room) continue;
      context.fillText(labels[index]!, x + 4, AXIS_HEIGHT / 2 - 1);
    }
    paintMarks(context, store.marks, geometry, this.palette);
    context.restore();
    context.fillStyle = this.palette.grid;
    context.fillRect(0, AXIS_HEIGHT - 1, geometry.width, 1);
  }

  #paintScrollbar(context: CanvasRenderingContext2D, { geometry, rows }: Scene): void {
    const thumb = geometry.thumb(rows.length);
    if (thumb === undefined) return;
    context.globalAlpha = 0.5;
    context.fillStyle = this.palette.dim;
    context.fillRect(geometry.width - 6, thumb.top, 5, thumb.height);
    context.globalAlpha = 1;
  }
}

const axisTicks = (geometry: Geometry) =>
  ticks(geometry.range.start, geometry.range.end, geometry.msPerPixel * 88);
