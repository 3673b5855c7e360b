const DAY_MS = 86_400_000;

/**
 * What a program's clock shows, in milliseconds since its time origin; undefined where that cannot be: the program
 * runs on a machine whose clock differs.
 * @param start wall clock of the program's time origin, in milliseconds since 1970; 0 if it is not known
 * @param endTime of the program's latest row
 * @param wallClock now, in milliseconds since 1970
 */
export function programClock(start: number, endTime: number, wallClock: number): number | undefined {
  const time = wallClock - start;
  return start > 0 && time >= endTime && time < endTime + DAY_MS ? time : undefined;
}
