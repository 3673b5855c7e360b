import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { Lane } from "./lane.js";
import { Severity } from "./schema.js";
import { SpanColumns } from "./spans.js";

describe("Lane", () => {
  const steps = fc.array(fc.record({ gap: fc.nat(4), severity: fc.nat(4), subject: fc.nat(2) }), {
    maxLength: 300,
  });

  it("holds spans in order, without overlap, whatever it is told", () => {
    fc.assert(
      fc.property(steps, (list) => {
        const { lane, columns } = play(list);
        let last = 0;
        for (const [position, span] of lane.spans.entries()) {
          expect(columns.start[span]).toBeGreaterThanOrEqual(last);
          expect(columns.end[span]).toBeGreaterThanOrEqual(columns.start[span]!);
          if (position < lane.spans.length - 1) expect(columns.end[span]).toBeLessThan(Infinity);
          last = columns.end[span]!;
        }
      }),
    );
  });

  it("finds spans by time and their worst severity as a scan does", () => {
    fc.assert(
      fc.property(steps, fc.nat(700), fc.nat(700), (list, a, b) => {
        const { lane, columns } = play(list);
        const [from, to] = [Math.min(a, b), Math.max(a, b)];
        const first = lane.firstEndingAfter(from);
        const last = lane.firstStartingFrom(to);
        const inside = lane.spans.filter((span) => columns.end[span]! > from && columns.start[span]! < to);
        expect(lane.spans.slice(first, Math.max(first, last))).toEqual(inside);
        const worst = Math.max(0, ...inside.map((span) => columns.severity[span]!));
        expect(lane.worst(first, last)).toBe(worst);
      }),
    );
  });

  it("forgets what was shown for no time, but not a hold that came and went", () => {
    const columns = new SpanColumns();
    const lane = new Lane(columns);
    lane.show(5, Severity.hold, 0, 1, 0);
    lane.show(8, Severity.wait, 0, 2, 0);
    lane.show(8, Severity.hold, 0, 2, 0);
    lane.clear(9);
    lane.show(9, Severity.wait, 0, 3, 0);
    lane.clear(9);
    lane.show(9, Severity.hold, 0, 4, 0);
    lane.clear(9);
    expect(Array.from(lane.spans, (span) => columns.subject[span])).toEqual([1, 2, 4]);
    expect(lane.worst(0, 3)).toBe(Severity.hold);
  });

  it("shows what its only span is now, though another one was there and was looked at", () => {
    const columns = new SpanColumns();
    const [lane, other] = [new Lane(columns), new Lane(columns)];
    lane.show(1, Severity.wait, 0, 7, 0);
    expect(Array.from(lane.spans)).toEqual([0]);
    // So that its place in the columns is not the next one's.
    other.show(1, Severity.hold, 0, 8, 0);
    lane.clear(1);
    expect(Array.from(lane.spans)).toEqual([]);
    lane.show(2, Severity.hold, 0, 9, 0);
    expect(Array.from(lane.spans, (span) => columns.subject[span])).toEqual([9]);
    expect(columns.subject[lane.spanAt(0)]).toBe(9);
  });

  it("adds nothing when nothing changes", () => {
    const columns = new SpanColumns();
    const lane = new Lane(columns);
    lane.show(1, 2, 0, 7, 3, 1, 0);
    lane.show(5, 2, 0, 7, 3, 1, 0);
    expect(lane.spans).toHaveLength(1);
    lane.clear(8);
    lane.clear(9);
    expect(columns.end[lane.spans[0]!]).toBe(8);
  });
});

function play(list: readonly { gap: number; severity: number; subject: number }[]) {
  const columns = new SpanColumns();
  const lane = new Lane(columns);
  let time = 0;
  for (const { gap, severity, subject } of list) {
    // Now and then a time in the past, as another thread's late batch would bring it.
    time += gap === 4 ? -3 : gap;
    if (severity === 0) lane.clear(Math.max(0, time));
    else lane.show(Math.max(0, time), severity, 0, subject, 0);
  }
  return { lane, columns };
}
