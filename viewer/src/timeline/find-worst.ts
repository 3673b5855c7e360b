import type { Lane } from "@lockscope/trace";

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
