import type { Lane, SpanColumns } from "@lockscope/trace";

/**
 * Position of the first span at `from` or after it (before it, if `step` is -1) that is as bad as `severity`;
 * -1 if there is none. O(log² n).
 */
export function findWorst(lane: Lane, from: number, step: 1 | -1, severity: number): number {
  const count = lane.count;
  const isBad = (a: number, b: number) => lane.worst(Math.max(0, a), Math.min(count, b)) >= severity;
  let near = from;
  let size = 1;
  while (near >= 0 && near < count) {
    const found = step > 0 ? isBad(near, near + size) : isBad(near - size + 1, near + 1);
    if (!found) {
      near += step * size;
      size *= 2;
    } else if (size === 1) {
      return near;
    } else {
      size >>>= 1;
    }
  }
  return -1;
}

/**
 * The next moment after `time` at which something begins or ends in the lane, or the last one before it, if `step`
 * is -1; `undefined` if there is none. O(log n).
 */
export function nextChange(
  lane: Lane,
  { start, end }: SpanColumns,
  time: number,
  step: 1 | -1,
): number | undefined {
  const position = step > 0 ? lane.firstEndingAfter(time) : lane.firstStartingFrom(time) - 1;
  if (position < 0 || position >= lane.count) return undefined;
  const span = lane.spanAt(position);
  const [near, far] = step > 0 ? [start[span]!, end[span]!] : [end[span]!, start[span]!];
  const change = (near - time) * step > 0 ? near : far;
  return Number.isFinite(change) ? change : undefined;
}
