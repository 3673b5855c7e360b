/**
 * `n`, as a number of things; infinitely many will do.
 *
 * @throws {RangeError} unless it is a whole number from zero on, or infinite
 */
export function count(n: number, of: string): number {
  if (n >= 0 && (Number.isInteger(n) || n === Number.POSITIVE_INFINITY)) return n;
  throw new RangeError(`${of}: not a whole number from zero on: ${n}`);
}
