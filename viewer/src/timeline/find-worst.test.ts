import { Lane, Severity, SpanColumns } from "@lockscope/trace";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { findWorst } from "./find-worst.js";

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
