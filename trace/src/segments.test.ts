import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { SegmentForest } from "./segments.js";

describe("SegmentForest", () => {
  it("gives the exact maximum of every range", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(255), { maxLength: 130 }), (values) => {
        const forest = new SegmentForest();
        for (const value of values) forest.push(value);
        expect(forest.length).toBe(values.length);
        for (let from = 0; from <= values.length; from++) {
          for (let to = from; to <= values.length; to++) {
            expect(forest.max(from, to)).toBe(Math.max(0, ...values.slice(from, to)));
          }
        }
      }),
      { numRuns: 60 },
    );
  });

  it("finds one high value among a million, live", () => {
    const forest = new SegmentForest();
    for (let index = 0; index < 1_000_000; index++) forest.push(index === 777_777 ? 5 : index % 3);
    expect(forest.max(0, 1_000_000)).toBe(5);
    expect(forest.max(777_777, 777_778)).toBe(5);
    expect(forest.max(777_778, 1_000_000)).toBe(2);
    forest.push(9);
    expect(forest.max(0, 1_000_001)).toBe(9);
  });

  it("takes ranges that reach past its ends", () => {
    const forest = new SegmentForest();
    expect(forest.max(0, 10)).toBe(0);
    forest.push(3);
    expect(forest.max(-5, 10)).toBe(3);
    expect(forest.max(1, 0)).toBe(0);
  });
});
