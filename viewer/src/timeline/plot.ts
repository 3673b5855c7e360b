import type { Lane, SpanColumns } from "@lockscope/trace";
import { KeptRanks, type PixelScale } from "./lane-ranks.js";
import { type Palette, parseColor, type Rgba } from "./palette.js";
import { blend, Patterns, PERIOD, word } from "./patterns.js";
import type { LaneRow } from "./rows.js";

/** A lane in sight, or the empty line of a heading. */
export interface PlotLine {
  readonly row: LaneRow | undefined;
  /** Device pixels from the plot's top; may lie above it. */
  readonly top: number;
  /** Chosen, or under the pointer. */
  readonly lit: boolean;
}

/** What is to be seen of the trace. */
export interface PlotView {
  readonly columns: SpanColumns;
  readonly scale: PixelScale;
  readonly now: number;
  /** Height in device pixels. */
  readonly height: number;
  /** Pixels at which there is a line of the grid. */
  readonly grid: readonly number[];
}

interface Ground {
  readonly lane: Patterns;
  readonly counter: Patterns;
  readonly color: number;
  readonly grid: number;
}

interface Painted {
  readonly lane: Lane | undefined;
  readonly top: number;
  readonly lit: boolean;
  readonly version: number;
}

/**
 * All lanes in sight as one opaque image, grid included: thousands of `fillRect` calls, or an image a lane, cost
 * more than all the pixels do. Lanes that look as they did in the last frame are not painted again.
 */
export class Plot {
  readonly #plain: Ground;
  readonly #lit: Ground;
  readonly #kept = new WeakMap<Lane, KeptRanks>();
  #image = new ImageData(1, 1);
  #words = new Uint32Array(0);
  #columns = new Uint16Array(0);
  #grid: readonly number[] = [];
  #painted: readonly Painted[] = [];

  /** @param ratio device pixels a CSS pixel */
  constructor(palette: Palette, ratio: number) {
    const background: Rgba = { ...parseColor(palette.background), a: 255 };
    const grid = parseColor(palette.grid);
    // In high contrast the line colour is made for borders: as a grid it would drown the lanes.
    const opacity = palette.outlined ? 0.35 : 1;
    const ground = (color: Rgba): Ground => ({
      lane: new Patterns(palette, ratio, false, color),
      counter: new Patterns(palette, ratio, true, color),
      color: word(color),
      grid: word(blend(grid, color, opacity)),
    });
    this.#plain = ground(background);
    this.#lit = ground(blend(parseColor(palette.selection), background, 1));
  }

  /** The image, which the next call paints over. */
  paint(lines: readonly PlotLine[], view: PlotView): ImageData {
    const afresh = this.#prepare(lines, view);
    const painted: Painted[] = [];
    for (const [index, line] of lines.entries()) {
      const bottom = lines[index + 1]?.top ?? line.top + this.#plain.lane.height;
      const ranks = line.row && this.#ranks(line.row, view);
      const now = { lane: line.row?.lane, top: line.top, lit: line.lit, version: ranks?.version ?? 0 };
      painted.push(now);
      if (!afresh && isSame(this.#painted[index]!, now)) continue;
      const ground = line.lit ? this.#lit : this.#plain;
      const [from, to] = [Math.max(0, line.top), Math.min(bottom, view.height)];
      if (ranks === undefined) this.#fill(from, to, ground);
      else this.#paintLane(ranks.ranks, line.row!.counter ? ground.counter : ground.lane, line.top, from, to);
      this.#paintGrid(from, to, ground);
    }
    this.#painted = painted;
    return this.#image;
  }

  /** Whether everything has to be painted. */
  #prepare(lines: readonly PlotLine[], { scale, height, grid }: PlotView): boolean {
    const { width } = this.#image;
    const resized = width !== scale.pixels || this.#image.height !== height;
    if (resized) {
      this.#image = new ImageData(scale.pixels, height);
      this.#words = new Uint32Array(this.#image.data.buffer);
      this.#columns = new Uint16Array(scale.pixels);
    }
    const moved = grid.length !== this.#grid.length || grid.some((at, index) => at !== this.#grid[index]);
    this.#grid = grid;
    const afresh = resized || moved || lines.length !== this.#painted.length;
    if (afresh || lines.at(-1)?.top !== this.#painted.at(-1)?.top) {
      const end = lines.length === 0 ? 0 : lines.at(-1)!.top + this.#plain.lane.height;
      this.#fill(end, height, this.#plain);
      this.#paintGrid(end, height, this.#plain);
    }
    return afresh;
  }

  #ranks(row: LaneRow, { columns, scale, now }: PlotView): KeptRanks {
    let kept = this.#kept.get(row.lane);
    if (kept === undefined) {
      kept = new KeptRanks();
      this.#kept.set(row.lane, kept);
    }
    kept.update(row, columns, scale, now);
    return kept;
  }

  /** Paints the rows `from` to `to - 1` of the image with a lane whose top is at `top`. */
  #paintLane(ranks: Uint8Array, patterns: Patterns, top: number, from: number, to: number): void {
    const words = this.#words;
    const columns = this.#columns;
    const table = patterns.words;
    const pixels = ranks.length;
    const rankWords = patterns.height * PERIOD;
    let striped = 0;
    for (let pixel = 0; pixel < pixels; pixel++) {
      const rank = ranks[pixel]!;
      striped |= patterns.striped[rank]!;
      columns[pixel] = rank * rankWords + (pixel & (PERIOD - 1));
    }
    const end = Math.min(to, top + patterns.height);
    for (let row = from; row < end; row++) {
      const base = row * pixels;
      if (row > from && striped === 0 && patterns.repeats[row - top]) {
        words.copyWithin(base, base - pixels, base);
        continue;
      }
      const shift = (row - top) * PERIOD;
      for (let pixel = 0; pixel < pixels; pixel++) words[base + pixel] = table[columns[pixel]! + shift]!;
    }
  }

  #fill(from: number, to: number, ground: Ground): void {
    const { width } = this.#image;
    if (from < to) this.#words.fill(ground.color, from * width, to * width);
  }

  /** The grid shows where a lane has nothing to say. */
  #paintGrid(from: number, to: number, ground: Ground): void {
    const { width } = this.#image;
    const words = this.#words;
    for (const column of this.#grid) {
      for (let at = from * width + column; at < to * width; at += width) {
        if (words[at] === ground.color) words[at] = ground.grid;
      }
    }
  }
}

const isSame = (a: Painted, b: Painted): boolean =>
  a.lane === b.lane && a.top === b.top && a.lit === b.lit && a.version === b.version;
