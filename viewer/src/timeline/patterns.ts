import { depthOfRank, Severity, severityOfRank } from "@lockscope/trace";
import { type Palette, parseColor, type Rgba } from "./palette.js";

/** Height of a lane in CSS pixels. */
export const LANE_HEIGHT = 22;
/** Stripes repeat after this many device pixels: a power of two. */
export const PERIOD = 8;
const RANKS = 64;

/** In CSS pixels from the lane's top. */
interface Shape {
  readonly top: number;
  readonly bottom: number;
  readonly fill: string;
  readonly striped: boolean;
}

/** The bar along a lane's top says that others wait; in a lock's lane its height says how many. */
interface Bar {
  readonly top: number;
  readonly height: number;
}

const FOOT = 18;

export function barOf(rank: number): Bar | undefined {
  const depth = depthOfRank(rank);
  if (depth > 0) return { top: 1, height: depth + 2 };
  return severityOfRank(rank) === Severity.blocking ? { top: 2, height: 2 } : undefined;
}

/** Each state differs by height and pattern as well as by colour, for those who tell colours apart badly. */
export function shapeOf(rank: number, palette: Palette, counter: boolean): Shape | undefined {
  const bar = barOf(rank);
  const top = bar === undefined ? 0 : bar.top + bar.height + 1;
  switch (severityOfRank(rank)) {
    case Severity.run:
      return { top: 10, bottom: 12, fill: palette.run, striped: false };
    case Severity.hold:
      return { top: counter ? 11 : 4, bottom: FOOT, fill: palette.hold, striped: false };
    case Severity.blocking:
      return { top, bottom: FOOT, fill: counter ? palette.hold : palette.blocking, striped: false };
    case Severity.wait:
      return { top: Math.max(7, top), bottom: Math.max(15, top + 4), fill: palette.wait, striped: true };
    case Severity.stuck:
      return { top: 3, bottom: 19, fill: palette.stuck, striped: true };
    default:
      return undefined;
  }
}

/** How every rank is painted on one ground: the colour of each row of a lane and column of the stripes' period. */
export class Patterns {
  /** Height of a lane in device pixels. */
  readonly height: number;
  readonly ground: number;
  /** At `(rank * height + row) * PERIOD + column`. */
  readonly words: Uint32Array;
  /** Whether a rank is striped, so that its rows differ. */
  readonly striped = new Uint8Array(RANKS);
  /** Whether a row is the same as the one above it, for all ranks that are not striped. */
  readonly repeats: readonly boolean[];

  /** @param ratio device pixels a CSS pixel */
  constructor(palette: Palette, ratio: number, counter: boolean, ground: Rgba) {
    this.height = Math.ceil(LANE_HEIGHT * ratio);
    this.ground = word(ground);
    this.words = new Uint32Array(RANKS * this.height * PERIOD).fill(this.ground);
    for (let rank = 0; rank < RANKS; rank++) this.#paint(rank, palette, ratio, counter, ground);
    this.repeats = Array.from({ length: this.height }, (_, row) => this.#repeats(row));
  }

  #paint(rank: number, palette: Palette, ratio: number, counter: boolean, ground: Rgba): void {
    const shape = shapeOf(rank, palette, counter);
    if (shape === undefined) return;
    const fill = parseColor(shape.fill);
    const full = word(blend(fill, ground, 1));
    const faint = word(blend(fill, ground, 0.28));
    const border = Math.max(1, Math.round(ratio));
    const [top, bottom] = [Math.round(shape.top * ratio), Math.round(shape.bottom * ratio)];
    for (let row = top; row < bottom; row++) {
      const framed = row - top < border || bottom - row <= border;
      for (let column = 0; column < PERIOD; column++) {
        const stripe = (column + row) % PERIOD < PERIOD * 0.4;
        this.words[this.#at(rank, row) + column] = !shape.striped || framed || stripe ? full : faint;
      }
    }
    if (shape.striped) this.striped[rank] = 1;
    const bar = barOf(rank);
    if (bar === undefined || severityOfRank(rank) === Severity.stuck) return;
    const wait = word(blend(parseColor(palette.wait), ground, 1));
    const end = Math.round((bar.top + bar.height) * ratio);
    this.words.fill(wait, this.#at(rank, Math.round(bar.top * ratio)), this.#at(rank, end));
  }

  #at(rank: number, row: number): number {
    return (rank * this.height + row) * PERIOD;
  }

  #repeats(row: number): boolean {
    if (row === 0) return false;
    for (let rank = 0; rank < RANKS; rank++) {
      const at = this.#at(rank, row);
      if (this.striped[rank] === 0 && this.words[at] !== this.words[at - PERIOD]) return false;
    }
    return true;
  }
}

/** `color`, made fainter by `opacity`, on an opaque ground. */
export function blend(color: Rgba, ground: Rgba, opacity: number): Rgba {
  const share = (color.a / 255) * opacity;
  const mix = (over: number, under: number) => Math.round(over * share + under * (1 - share));
  return { r: mix(color.r, ground.r), g: mix(color.g, ground.g), b: mix(color.b, ground.b), a: 255 };
}

/** As an ImageData holds it, on the little-endian machines that run editors. */
export function word({ r, g, b }: Rgba): number {
  return ((255 << 24) | (b << 16) | (g << 8) | r) >>> 0;
}
