import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { axisLabels, tickLabel, ticks } from "./ticks.js";

describe("ticks", () => {
  it("are round and far enough apart", () => {
    expect(ticks(0, 10, 1.7)).toEqual({ step: 2, times: [0, 2, 4, 6, 8, 10] });
    expect(ticks(3.1, 3.5, 0.09).step).toBe(0.1);
    expect(ticks(0, 3_600_000, 400_000).step).toBe(600_000);
  });

  it("never crowd, and their labels differ", () => {
    const range = fc.tuple(
      fc.double({ min: 0, max: 1e7, noNaN: true }),
      fc.double({ min: -3.3, max: 6, noNaN: true }),
    );
    fc.assert(
      fc.property(range, ([start, magnitude]) => {
        const span = 10 ** magnitude;
        const { step, times } = ticks(start, start + span, span / 10);
        expect(step).toBeGreaterThanOrEqual((span / 10) * (1 - 1e-9));
        expect(times.length).toBeLessThanOrEqual(11);
        const { labels } = axisLabels({ step, times });
        expect(new Set(labels).size).toBe(labels.length);
        expect(Math.max(0, ...labels.map(({ length }) => length))).toBeLessThanOrEqual("4 min 59.9 s".length);
      }),
    );
  });

  it("come to an end where a double has no digits left for them", () => {
    const { times } = ticks(1e300, 1e300 * (1 + 1e-15), 1);
    expect(times.length).toBeLessThanOrEqual(1000);
  });

  it("are labelled in the unit that suits the step", () => {
    expect(tickLabel(1500, 500)).toBe("1.5 s");
    expect(tickLabel(12.25, 0.05)).toBe("12250 µs");
    expect(tickLabel(12.5, 0.5)).toBe("12.5 ms");
    expect(tickLabel(120_000, 60_000)).toBe("2 min");
    expect(tickLabel(245_000, 5000)).toBe("4 min 5 s");
    expect([0, 50, 60, 70].map((minutes) => tickLabel(minutes * 60_000, 600_000))).toEqual([
      "0 min",
      "50 min",
      "1 h",
      "1 h 10 min",
    ]);
  });

  it("count from a round instant nearby where they would be all digits", () => {
    expect(axisLabels(ticks(5524.0499, 5524.0507, 0.000_19))).toEqual({
      base: "5.524 s",
      labels: ["+50.0 µs", "+50.2 µs", "+50.4 µs", "+50.6 µs"],
    });
    expect(axisLabels(ticks(12.3, 12.9, 0.1)).base).toBeUndefined();
    expect(axisLabels({ step: 1, times: [] })).toEqual({ base: undefined, labels: [] });
  });
});
