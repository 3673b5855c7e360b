import { Lane, Severity, SpanColumns } from "@lockscope/trace";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { fillSeverities } from "./severities.js";

const steps = fc.array(fc.record({ gap: fc.nat(6), severity: fc.nat(4) }), { maxLength: 400 });

/** Looks at every span for every pixel. */
function bruteForce(
  lane: Lane,
  columns: SpanColumns,
  start: number,
  msPerPixel: number,
  pixels: number,
  now: number,
) {
  return Array.from({ length: pixels }, (_, pixel) => {
    const [from, to] = [start + pixel * msPerPixel, start + (pixel + 1) * msPerPixel];
    if (from > now) return 0;
    const inside = lane.spans.filter(
      (span) => columns.start[span]! < to && (columns.end[span]! > from || columns.start[span]! >= from),
    );
    return Math.max(0, ...inside.map((span) => columns.severity[span]!));
  });
}

describe("fillSeverities", () => {
  it("gives the worst severity of each pixel, exactly, at any scale", () => {
    // Quarters are exact in binary, so the brute force and the search see the same pixel borders.
    const scale = fc.record({ start: fc.nat(800), quarters: fc.integer({ min: 1, max: 80 }) });
    fc.assert(
      fc.property(steps, scale, fc.boolean(), (list, { start, quarters }, ends) => {
        const columns = new SpanColumns();
        const lane = new Lane(columns);
        let now = 0;
        for (const { gap, severity } of list) {
          now += gap;
          if (severity === 0) lane.clear(now);
          else lane.show(now, severity, 0, 0, 0);
        }
        if (ends) lane.clear(now);
        const out = new Uint8Array(64);
        const msPerPixel = quarters / 4;
        fillSeverities(out, lane, columns, { start, msPerPixel, pixels: 64 }, now, false, undefined);
        expect([...out]).toEqual(bruteForce(lane, columns, start, msPerPixel, 64, now));
      }),
      { numRuns: 400 },
    );
  });

  it("shows a task's life under everything else, and an endless wait above it", () => {
    const columns = new SpanColumns();
    const lane = new Lane(columns);
    lane.show(2, Severity.hold, 0, 1, 0);
    lane.clear(4);
    lane.show(6, Severity.wait, 0, 1, 0);
    const out = new Uint8Array(12);
    const scale = { start: 0, msPerPixel: 1, pixels: 12 };
    const life = { from: 1, to: Number.POSITIVE_INFINITY };
    const { run, hold, wait, stuck } = Severity;
    fillSeverities(out, lane, columns, scale, 9.5, false, life);
    expect([...out]).toEqual([0, run, hold, hold, run, run, wait, wait, wait, wait, 0, 0]);
    fillSeverities(out, lane, columns, scale, 9.5, true, life);
    expect([...out]).toEqual([0, run, hold, hold, run, run, stuck, stuck, stuck, stuck, 0, 0]);
  });

  it("keeps a wait of a microsecond visible in a view of an hour", () => {
    const columns = new SpanColumns();
    const lane = new Lane(columns);
    for (let n = 0; n < 10_000; n++) {
      lane.show(n * 360, Severity.hold, 0, n, 0);
      if (n === 5000) lane.show(n * 360 + 100, Severity.wait, 0, n, 0);
      if (n === 5000) lane.show(n * 360 + 100.001, Severity.hold, 0, n, 0);
      lane.clear(n * 360 + 200);
    }
    const out = new Uint8Array(1000);
    fillSeverities(out, lane, columns, { start: 0, msPerPixel: 3600, pixels: 1000 }, 3.6e6, false, undefined);
    expect([...out.entries()].filter(([, severity]) => severity === Severity.wait)).toEqual([
      [500, Severity.wait],
    ]);
  });
});
