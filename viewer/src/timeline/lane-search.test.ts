import { Lane, Severity, SpanColumns } from "@lockscope/trace";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findWorst, nextChange } from "./lane-search.js";

describe("findWorst", () => {
  it("finds the nearest span that is bad enough, in either direction, as a scan does", () => {
    const severities = fc.array(fc.constantFrom(Severity.hold, Severity.hold, Severity.wait), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(
        severities,
        fc.integer({ min: -1, max: 201 }),
        fc.constantFrom(1, -1),
        (list, from, step) => {
          const lane = new Lane(new SpanColumns());
          for (const [index, severity] of list.entries()) lane.show(index, severity, 0, index, 0);
          let expected = from;
          while (list[expected] !== undefined && list[expected] !== Severity.wait) expected += step;
          if (list[expected] === undefined) expected = -1;
          expect(findWorst(lane, from, step, Severity.wait)).toBe(expected);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("nextChange", () => {
  it("goes from one change to the next, and back again", () => {
    const columns = new SpanColumns();
    const lane = new Lane(columns);
    lane.show(2, Severity.hold, 0, 1, 0);
    lane.clear(4);
    lane.show(6, Severity.hold, 0, 1, 0);
    lane.show(8, Severity.wait, 0, 2, 0);
    const walk = (from: number, step: 1 | -1) => {
      const times: number[] = [];
      for (let at = nextChange(lane, columns, from, step); at !== undefined; ) {
        times.push(at);
        at = nextChange(lane, columns, at, step);
      }
      return times;
    };
    expect(walk(0, 1)).toEqual([2, 4, 6, 8]);
    expect(walk(9, -1)).toEqual([8, 6, 4, 2]);
    lane.clear(11);
    expect(walk(7, 1)).toEqual([8, 11]);
    expect(walk(99, -1)).toEqual([11, 8, 6, 4, 2]);
    expect(nextChange(new Lane(columns), columns, 1, -1)).toBeUndefined();
  });
});
