import { Severity } from "@lockscope/trace";
import { type Palette, parseColor } from "./palette.js";

/** Height of a lane in CSS pixels. */
export const LANE_HEIGHT = 22;
/** Stripes repeat after this many device pixels: a power of two. */
const PERIOD = 8;

interface Shape {
  /** CSS pixels from the lane's top. */
  readonly top: number;
  readonly bottom: number;
  readonly fill: string;
  readonly striped: boolean;
  /** A bar along the top edge, in this colour. */
  readonly edge?: string;
}

/** Each state differs by height and pattern as well as by colour, for those who tell colours apart badly. */
function shapes(palette: Palette, counter: boolean): Shape[] {
  const byPriority: Shape[] = [];
  byPriority[Severity.run] = { top: 10, bottom: 12, fill: palette.run, striped: false };
  byPriority[Severity.hold] = { top: counter ? 11 : 4, bottom: 18, fill: palette.hold, striped: false };
  byPriority[Severity.blocking] = {
    top: 2,
    bottom: 18,
    fill: counter ? palette.hold : palette.blocking,
    striped: false,
    edge: palette.wait,
  };
  byPriority[Severity.wait] = { top: 7, bottom: 15, fill: palette.wait, striped: true };
  byPriority[Severity.stuck] = { top: 3, bottom: 19, fill: palette.stuck, striped: true };
  return byPriority;
}

/**
 * Paints a lane from one severity a pixel, into an image of its own that is then drawn over the grid. A few
 * thousand `fillRect` calls cost more than all the pixels of a lane.
 */
export class LaneRaster {
  readonly #plain: Uint32Array;
  readonly #counter: Uint32Array;
  readonly #height: number;
  readonly #ratio: number;
  /** Rows that some shape reaches. */
  readonly #firstRow: number;
  readonly #endRow: number;
  readonly #canvas = document.createElement("canvas");
  readonly #context = this.#canvas.getContext("2d")!;
  #image: ImageData | undefined;
  #words = new Uint32Array(0);
  #columns = new Uint16Array(0);

  /** @param ratio device pixels a CSS pixel */
  constructor(palette: Palette, ratio: number) {
    this.#ratio = ratio;
    this.#height = Math.round(LANE_HEIGHT * ratio);
    this.#firstRow = Math.round(2 * ratio);
    this.#endRow = Math.round(19 * ratio);
    this.#plain = this.#patterns(shapes(palette, false));
    this.#counter = this.#patterns(shapes(palette, true));
  }

  /** `severities` holds one value a device pixel; `x` and `y` are device pixels. */
  paint(
    target: CanvasRenderingContext2D,
    x: number,
    y: number,
    pixels: number,
    severities: Uint8Array,
    counter: boolean,
  ): void {
    const image = this.#imageOf(pixels);
    const words = this.#words;
    const patterns = counter ? this.#counter : this.#plain;
    const height = this.#height;
    // Where each pixel's colours begin; that of severity 0 is transparent, so nothing need be cleared before.
    const columns = this.#columns;
    for (let pixel = 0; pixel < pixels; pixel++) {
      columns[pixel] = severities[pixel]! * height * PERIOD + (pixel & (PERIOD - 1));
    }
    for (let row = this.#firstRow; row < this.#endRow; row++) {
      const base = row * pixels;
      const shift = row * PERIOD;
      for (let pixel = 0; pixel < pixels; pixel++) words[base + pixel] = patterns[columns[pixel]! + shift]!;
    }
    this.#context.putImageData(image, 0, 0);
    target.drawImage(this.#canvas, x, y);
  }

  #imageOf(pixels: number): ImageData {
    if (this.#image?.width !== pixels) {
      this.#image = new ImageData(pixels, this.#height);
      this.#words = new Uint32Array(this.#image.data.buffer);
      this.#columns = new Uint16Array(pixels);
      this.#canvas.width = pixels;
      this.#canvas.height = this.#height;
    }
    return this.#image;
  }

  /** The colour of each severity, row and column of the stripes' period. */
  #patterns(list: readonly Shape[]): Uint32Array {
    const height = this.#height;
    const ratio = this.#ratio;
    const patterns = new Uint32Array(list.length * height * PERIOD);
    for (const [severity, shape] of list.entries()) {
      if (shape === undefined) continue;
      const top = Math.round(shape.top * ratio);
      const bottom = Math.round(shape.bottom * ratio);
      const border = Math.max(1, Math.round(ratio));
      const edge = Math.round(3 * ratio);
      const full = word(shape.fill, 1);
      const faint = word(shape.fill, 0.28);
      const edgeWord = shape.edge === undefined ? 0 : word(shape.edge, 1);
      for (let row = top; row < bottom; row++) {
        for (let column = 0; column < PERIOD; column++) {
          const framed = row - top < border || bottom - row <= border;
          const stripe = (column + row) % PERIOD < PERIOD * 0.4;
          let color = !shape.striped || framed || stripe ? full : faint;
          if (shape.edge !== undefined && row - top < edge)
            color = row - top === edge - border ? 0 : edgeWord;
          patterns[(severity * height + row) * PERIOD + column] = color;
        }
      }
    }
    return patterns;
  }
}

/** As an ImageData holds it, on the little-endian machines that run editors. */
function word(color: string, opacity: number): number {
  const { r, g, b, a } = parseColor(color);
  return ((Math.round(a * opacity) << 24) | (b << 16) | (g << 8) | r) >>> 0;
}
