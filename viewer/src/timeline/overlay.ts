import { formatInstantTo } from "../model/instant.js";
import type { Arrow } from "./arrows.js";
import { AXIS_HEIGHT, type Geometry } from "./geometry.js";
import { inkOn, type Palette } from "./palette.js";
import { LANE_HEIGHT } from "./patterns.js";
import type { TimeRange } from "./time-window.js";

/** What moves over the lanes, and changes much more often than they do. */
export interface OverlayScene {
  readonly geometry: Geometry;
  /** Where the pointer is; undefined: not over the lanes. */
  readonly hoverX: number | undefined;
  /** undefined: the present. */
  readonly cursor: number | undefined;
  readonly selection: TimeRange | undefined;
  /** Index of the chosen row; -1: none. */
  readonly chosenRow: number;
  /** The chosen span's. */
  readonly chosenRange: TimeRange | undefined;
  readonly arrows: readonly Arrow[];
}

const HEAD = 5;

/** Draws on a canvas of its own, so that the lanes need not be drawn again. */
export class OverlayPainter {
  readonly #palette: Palette;
  readonly #ratio: number;
  readonly #cursorInk: string;

  constructor(palette: Palette, ratio: number) {
    this.#palette = palette;
    this.#ratio = ratio;
    this.#cursorInk = inkOn(palette.focus);
  }

  paint(context: CanvasRenderingContext2D, scene: OverlayScene): void {
    const { geometry } = scene;
    context.setTransform(this.#ratio, 0, 0, this.#ratio, 0, 0);
    context.clearRect(0, 0, geometry.width, geometry.height);
    context.font = this.#palette.font;
    context.textBaseline = "middle";
    this.#paintChosenRow(context, scene);
    context.save();
    context.beginPath();
    context.rect(geometry.gutter, 0, geometry.plotWidth, geometry.height);
    context.clip();
    this.#paintSelection(context, scene);
    this.#paintLanesPart(context, scene);
    this.#paintCursor(context, scene);
    context.restore();
  }

  /** Around its name; around all of it where no ground can set it off. */
  #paintChosenRow(context: CanvasRenderingContext2D, { geometry, chosenRow }: OverlayScene): void {
    const top = geometry.rowTop(chosenRow);
    if (chosenRow < 0 || top < AXIS_HEIGHT) return;
    context.strokeStyle = this.#palette.focus;
    context.lineWidth = 1;
    const width = this.#palette.outlined ? geometry.width : geometry.gutter;
    context.strokeRect(1.5, top + 0.5, width - 4, LANE_HEIGHT - 2);
  }

  #paintSelection(context: CanvasRenderingContext2D, { geometry, selection }: OverlayScene): void {
    if (selection === undefined) return;
    const left = Math.max(geometry.gutter - 2, geometry.xAt(selection.start));
    const right = Math.min(geometry.width + 2, geometry.xAt(selection.end));
    if (right < geometry.gutter || left > geometry.width) return;
    const width = Math.max(1, right - left);
    context.fillStyle = this.#palette.focus;
    if (!this.#palette.outlined) {
      context.globalAlpha = 0.16;
      context.fillRect(left, 0, width, geometry.height);
      context.globalAlpha = 1;
    }
    context.fillRect(left, 0, 1, geometry.height);
    context.fillRect(left + width - 1, 0, 1, geometry.height);
    context.fillRect(left, 0, width, 2);
  }

  /** What belongs to lanes stays below the axis. */
  #paintLanesPart(context: CanvasRenderingContext2D, scene: OverlayScene): void {
    const { geometry, hoverX, chosenRow, chosenRange, arrows } = scene;
    context.save();
    context.beginPath();
    context.rect(geometry.gutter, AXIS_HEIGHT, geometry.plotWidth, geometry.height);
    context.clip();
    if (hoverX !== undefined) {
      context.fillStyle = this.#palette.dim;
      context.fillRect(Math.round(hoverX), AXIS_HEIGHT, 1, geometry.height);
    }
    if (chosenRange !== undefined) {
      const left = Math.max(geometry.gutter - 4, geometry.xAt(chosenRange.start));
      const right = Math.min(geometry.width + 4, geometry.xAt(chosenRange.end));
      context.strokeStyle = this.#palette.focus;
      context.lineWidth = 2;
      context.strokeRect(left, geometry.rowTop(chosenRow) + 1, Math.max(2, right - left), LANE_HEIGHT - 3);
    }
    for (const arrow of arrows) this.#paintArrow(context, geometry, arrow);
    context.restore();
  }

  /** A bow between two rows, to the left of its instant (or right of it, where there is no room). */
  #paintArrow(context: CanvasRenderingContext2D, geometry: Geometry, { from, to, time, kind }: Arrow): void {
    const x = geometry.xAt(time);
    if (x < geometry.gutter - 40 || x > geometry.width + 40) return;
    const [start, end] = [from, to].map((row) => geometry.rowTop(row) + LANE_HEIGHT / 2) as [number, number];
    const reach = Math.min(20 + Math.abs(end - start) * 0.18, 76);
    // Arrows that go up bow further out: the two of a cycle must not lie on each other.
    const bow = (end < start ? 1.6 : 1) * reach;
    const side = x - bow * 0.75 > geometry.gutter ? -1 : 1;
    const color = { wait: this.#palette.text, stuck: this.#palette.stuck, wake: this.#palette.good }[kind];
    const path = () => {
      context.beginPath();
      context.moveTo(x, start);
      context.bezierCurveTo(x + side * bow, start, x + side * bow, end, x + side * 3, end);
      context.stroke();
    };
    // A rim of the ground's colour: on spans of the same colour it could not be seen.
    context.strokeStyle = this.#palette.background;
    context.lineWidth = 4;
    path();
    context.strokeStyle = color;
    context.lineWidth = kind === "stuck" ? 2 : 1.5;
    context.setLineDash(kind === "wake" ? [4, 3] : []);
    path();
    context.setLineDash([]);
    context.fillStyle = color;
    context.beginPath();
    context.moveTo(x, end);
    context.lineTo(x + side * (HEAD + 3), end - HEAD);
    context.lineTo(x + side * (HEAD + 3), end + HEAD);
    context.fill();
    context.beginPath();
    context.arc(x, start, 2.5, 0, 2 * Math.PI);
    context.fill();
  }

  #paintCursor(context: CanvasRenderingContext2D, { geometry, cursor }: OverlayScene): void {
    if (cursor === undefined) return;
    const x = Math.round(geometry.xAt(cursor));
    if (x < geometry.gutter - 1 || x > geometry.width) return;
    const label = formatInstantTo(cursor, geometry.msPerPixel);
    const width = context.measureText(label).width + 8;
    const left = Math.min(Math.max(x - width / 2, geometry.gutter), geometry.width - width);
    context.fillStyle = this.#palette.focus;
    context.fillRect(x - 1, 0, 2, geometry.height);
    context.fillRect(left, 3, width, AXIS_HEIGHT - 7);
    context.fillStyle = this.#cursorInk;
    context.fillText(label, left + 4, AXIS_HEIGHT / 2);
  }
}
