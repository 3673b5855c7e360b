import { type Lane, rankOf, Severity, type SpanColumns } from "@lockscope/trace";

/** The pixels of a lane: pixel i shows the time from `start + i * msPerPixel` on. */
export interface PixelScale {
  readonly start: number;
  readonly msPerPixel: number;
  readonly pixels: number;
}

/** From when to when a task lives; its lane shows that it runs where nothing else is to be said. */
export interface Lifetime {
  readonly from: number;
  readonly to: number;
}

/** What there is to know of a lane besides its spans. */
export interface RankedLane {
  readonly lane: Lane;
  /** A wait under way can never end. */
  readonly stuck: boolean;
  readonly lifetime: Lifetime | undefined;
}

/**
 * Writes the highest rank that falls on each pixel to `out`: exact, whatever the scale.
 * @param now where a span under way ends
 */
export function fillRanks(
  out: Uint8Array,
  { lane, stuck, lifetime }: RankedLane,
  columns: SpanColumns,
  scale: PixelScale,
  now: number,
): void {
  const { start, msPerPixel, pixels } = scale;
  out.fill(0, 0, pixels);
  if (lifetime !== undefined) {
    const first = Math.max(0, Math.floor((lifetime.from - start) / msPerPixel));
    const end = Math.min(lifetime.to, now);
    const last = Math.min(pixels, Math.ceil((end - start) / msPerPixel));
    if (last > first) out.fill(rankOf(Severity.run, 0), first, last);
  }
  const visible = visiblePixels(scale, now);
  if (visible <= 0) return;
  lane.raiseRanks(out, start, msPerPixel, visible);
  const { openSpan } = lane;
  if (!stuck || openSpan < 0 || columns.severity[openSpan] !== Severity.wait) return;
  const since = Math.max(0, Math.floor((columns.start[openSpan]! - start) / msPerPixel));
  out.fill(rankOf(Severity.stuck, 0), since, Math.max(since, visible));
}

/** How many pixels lie before the present. */
const visiblePixels = ({ start, msPerPixel, pixels }: PixelScale, now: number): number =>
  Math.min(pixels, Math.floor((now - start) / msPerPixel) + 1);

/** The ranks of one lane as they were filled last, filled again only when they can have changed. */
export class KeptRanks {
  ranks = new Uint8Array(0);
  /** Rises with every change. */
  version = 0;
  #key: readonly number[] = [];

  update(row: RankedLane, columns: SpanColumns, scale: PixelScale, now: number): void {
    const { lane, stuck, lifetime } = row;
    const { openSpan } = lane;
    const key = [
      scale.start,
      scale.msPerPixel,
      scale.pixels,
      lane.count,
      openSpan,
      // A span under way can be taken back, and another one take its number.
      openSpan < 0 ? 0 : columns.start[openSpan]!,
      openSpan < 0 ? 0 : rankOf(columns.severity[openSpan]!, columns.waiters[openSpan]!),
      openSpan < 0 && lifetime === undefined ? 0 : visiblePixels(scale, now),
      lifetime?.to ?? 0,
      stuck ? 1 : 0,
    ];
    if (key.every((part, index) => part === this.#key[index])) return;
    this.#key = key;
    this.version++;
    if (this.ranks.length !== scale.pixels) this.ranks = new Uint8Array(scale.pixels);
    fillRanks(this.ranks, row, columns, scale, now);
  }
}
