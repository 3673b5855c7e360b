import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Lane } from "./lane.js";
import { depthOfRank, rankOf, severityOfRank } from "./rank.js";
import { Severity } from "./schema.js";
import { SpanColumns } from "./spans.js";

const shown = fc.record({ gap: fc.nat(6), severity: fc.nat(4), waiters: fc.nat(5) });
// Quarters are exact in binary, so that the brute force and the scan see the same borders of pixels.
const scale = fc.record({ start: fc.nat(800), quarters: fc.integer({ min: 1, max: 400 }) });
const PIXELS = 64;

/** Looks at every span for every pixel. */
function bruteForce(lane: Lane, columns: SpanColumns, start: number, step: number): number[] {
  return Array.from({ length: PIXELS }, (_, pixel) => {
    const [from, to] = [start + pixel * step, start + (pixel + 1) * step];
    const inside = lane.spans.filter(
      (span) => columns.start[span]! < to && (columns.end[span]! > from || columns.start[span]! >= from),
    );
    return Math.max(0, ...inside.map((span) => rankOf(columns.severity[span]!, columns.waiters[span]!)));
  });
}

describe("Lane.raiseRanks", () => {
  it.each([
    ["few spans", 60],
    ["many", 900],
  ])("gives the worst that falls on each pixel, exactly, at any scale (%s)", (_, maxLength) => {
    fc.assert(
      fc.property(fc.array(shown, { maxLength }), scale, fc.boolean(), (list, { start, quarters }, ends) => {
        const columns = new SpanColumns();
        const lane = new Lane(columns);
        let now = 0;
        for (const { gap, severity, waiters } of list) {
          now += gap;
          if (severity === 0) lane.clear(now);
          else lane.show(now, severity, 0, 0, 0, 0, waiters);
        }
        if (ends) lane.clear(now);
        const out = new Uint8Array(PIXELS);
        lane.raiseRanks(out, start, quarters / 4, PIXELS);
        expect([...out]).toEqual(bruteForce(lane, columns, start, quarters / 4));
      }),
      { numRuns: 300 },
    );
  });

  it("leaves what is worse, and what is outside the lane, as it is", () => {
    const lane = new Lane(new SpanColumns());
    lane.show(2, Severity.hold, 0, 1, 0);
    lane.clear(4);
    const out = Uint8Array.of(1, 1, 1, 0xff, 1, 1);
    lane.raiseRanks(out, 0, 1, 6);
    expect([...out]).toEqual([1, 1, rankOf(Severity.hold, 0), 0xff, 1, 1]);
  });
});

describe("ranks", () => {
  it("go by severity first, then by the number of waiters", () => {
    const waiters = [0, 1, 2, 4, 8, 16, 32, 33];
    const ranks = [Severity.hold, Severity.blocking].flatMap((severity) =>
      waiters.map((count) => rankOf(severity, count)),
    );
    expect(ranks).toEqual([...ranks].sort((a, b) => a - b));
    expect(new Set(ranks).size).toBe(16);
    expect(severityOfRank(rankOf(Severity.stuck, 65_535))).toBe(Severity.stuck);
    expect(waiters.map((count) => depthOfRank(rankOf(Severity.wait, count)))).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7,
    ]);
  });
});
