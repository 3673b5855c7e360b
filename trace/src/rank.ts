/**
 * How bad what a lane shows is, in one small number, so that the maximum of a range says it all: the severity,
 * and among those of one severity how many tasks wait.
 */

const DEPTH_BITS = 3;
const MAX_DEPTH = (1 << DEPTH_BITS) - 1;

export const rankOf = (severity: number, waiters: number): number =>
  (severity << DEPTH_BITS) | depthOf(waiters);

export const severityOfRank = (rank: number): number => rank >> DEPTH_BITS;

/** 0 where nobody waits, else 1 for one, 2 for two, 3 up to four, 4 up to eight tasks … 7 for 33 and more. */
export const depthOfRank = (rank: number): number => rank & MAX_DEPTH;

function depthOf(waiters: number): number {
  return waiters === 0 ? 0 : Math.min(MAX_DEPTH, 33 - Math.clz32(waiters - 1));
}
