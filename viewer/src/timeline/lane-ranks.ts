import { type Lane, Severity, type SpanColumns } from "@lockscope/trace";

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

/**
 * Writes the worst severity that falls on each pixel to `out`: exact, whatever the scale. Spans are ordered, so
 * the search for the next pixel goes on from the last one's: O(pixels * log(spans a pixel)).
 * @param now where an open span ends
 * @param stuck an open wait can never end
 */
export function fillSeverities(
  out: Uint8Array,
  lane: Lane,
  columns: SpanColumns,
  scale: PixelScale,
  now: number,
  stuck: boolean,
  lifetime: Lifetime | undefined,
): void {
  const { start, msPerPixel, pixels } = scale;
  out.fill(0, 0, pixels);
  if (lifetime !== undefined) {
    const first = Math.max(0, Math.floor((lifetime.from - start) / msPerPixel));
    const end = Math.min(lifetime.to, now);
    const last = Math.min(pixels, Math.ceil((end - start) / msPerPixel));
    if (last > first) out.fill(Severity.run, first, last);
  }
  const { spans } = lane;
  const count = spans.length;
  const visible = Math.min(pixels, Math.floor((now - start) / msPerPixel) + 1);
  let position = Math.min(lane.firstEndingAfter(start), lane.firstStartingFrom(start));
  for (let pixel = 0; pixel < visible && position < count; pixel++) {
    const pixelEnd = start + (pixel + 1) * msPerPixel;
    const begins = lane.startOf(position);
    if (begins >= pixelEnd) {
      // Nothing here nor on the pixels up to the next span.
      pixel = Math.max(pixel, Math.floor((begins - start) / msPerPixel) - 1);
      continue;
    }
    const next = lane.firstStartingFrom(pixelEnd, position + 1);
    let worst = lane.worst(position, next);
    if (
      stuck &&
      next === count &&
      columns.severity[spans[count - 1]!] === Severity.wait &&
      lane.openSpan >= 0
    ) {
      worst = Severity.stuck;
    }
    if (worst > out[pixel]!) out[pixel] = worst;
    position = columns.end[spans[next - 1]!]! > pixelEnd ? next - 1 : next;
  }
}
