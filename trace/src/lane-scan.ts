/** The closed spans of a lane, side by side, as a scan of many pixels needs them. */
export interface ScannedSpans {
  /** When each starts, in time order. */
  readonly starts: Float64Array;
  readonly ranks: Uint8Array;
  readonly count: number;
  /** When the span at a position ends. Asked for seldom: it may cost a cache miss. */
  endOf(position: number): number;
  /** The highest rank at the positions `from` to `to - 1`. */
  highest(from: number, to: number): number;
}

/** So many spans of one pixel are looked at one by one, before searching for the pixel's end is quicker. */
const STEPS = 16;

/**
 * Raises `out[i]` to the highest rank among the spans that touch the time from `start + i * step` to
 * `start + (i + 1) * step`: exact, whatever the scale. A span belongs where it starts, even if it takes no time.
 * Goes through the spans where few fall on one pixel, over them where many do: O(count * log(spans a pixel)).
 */
export function scanRanks(
  out: Uint8Array,
  spans: ScannedSpans,
  first: number,
  start: number,
  step: number,
  count: number,
): void {
  const { starts, ranks } = spans;
  const total = spans.count;
  let position = first;
  /** The last span that started before this pixel and may reach into it. */
  let reaching = first - 1;
  for (let pixel = 0; pixel < count; pixel++) {
    const from = start + pixel * step;
    const to = start + (pixel + 1) * step;
    const begin = position;
    let highest = 0;
    const limit = Math.min(total, begin + STEPS);
    while (position < limit && starts[position]! < to) {
      const rank = ranks[position++]!;
      if (rank > highest) highest = rank;
    }
    if (position === limit && position < total && starts[position]! < to) {
      position = firstFrom(starts, total, to, position);
      highest = spans.highest(begin, position);
    }
    if (reaching >= 0 && ranks[reaching]! > highest) {
      const end = spans.endOf(reaching);
      if (end > from) highest = ranks[reaching]!;
      else reaching = -1;
    }
    if (highest > out[pixel]!) out[pixel] = highest;
    if (position > begin) {
      reaching = position - 1;
    } else if (reaching < 0) {
      if (position === total) return;
      // Nothing here nor on the pixels up to the next span.
      pixel = Math.max(pixel, Math.floor((starts[position]! - start) / step) - 2);
    }
  }
}

/** Position of the first start at `time` or later; those before `from` are earlier. */
function firstFrom(starts: Float64Array, count: number, time: number, from: number): number {
  let low = from;
  let step = STEPS;
  while (low + step < count && starts[low + step]! < time) {
    low += step;
    step *= 2;
  }
  let high = Math.min(low + step, count);
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (starts[middle]! >= time) high = middle;
    else low = middle + 1;
  }
  return low;
}
