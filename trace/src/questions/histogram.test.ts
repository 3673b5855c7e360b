import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { bucketStart, Histogram } from "./histogram.js";

function histogramOf(values: readonly number[]): Histogram {
  const histogram = new Histogram();
  for (const value of values) histogram.add(value);
  return histogram;
}

describe("Histogram", () => {
  it("counts by powers of two from 64 ns on", () => {
    const { buckets, count, total, min, max } = histogramOf([0, 64e-6, 127e-6, 128e-6, 1, 274_878, 1e9]);
    expect([count, total, min, max]).toEqual([7, 1_000_274_879.000319, 0, 1e9]);
    const filled = [...buckets.entries()].filter(([, n]) => n > 0);
    expect(filled).toEqual([
      [0, 3],
      [1, 1],
      [13, 1],
      [32, 1],
      [39, 1],
    ]);
    for (const [bucket, value] of [
      [13, 1],
      [32, 274_878],
    ] as const) {
      expect(bucketStart(bucket)).toBeLessThanOrEqual(value);
      expect(bucketStart(bucket + 1)).toBeGreaterThan(value);
    }
  });

  it("has quantiles within a bucket of the true ones, exact at both ends", () => {
    const times = fc.array(fc.double({ min: 0, max: 1e6, noNaN: true }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(times, fc.double({ min: 0, max: 1, noNaN: true }), (values, q) => {
        const histogram = histogramOf(values);
        const sorted = [...values].sort((a, b) => a - b);
        const rank = Math.max(0, Math.ceil(q * sorted.length) - 1);
        const found = histogram.quantile(q);
        expect(found).toBeGreaterThanOrEqual(Math.max(sorted[0]!, sorted[rank]! / 2 - 128e-6));
        expect(found).toBeLessThanOrEqual(Math.max(2 * sorted[rank]!, sorted[rank]! + 128e-6));
        expect(histogram.quantile(1)).toBe(sorted.at(-1));
      }),
    );
  });

  it("of nothing is zero", () => {
    const { min, max, total } = new Histogram();
    expect([min, max, total, new Histogram().quantile(0.5)]).toEqual([0, 0, 0, 0]);
  });
});
