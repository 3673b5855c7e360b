import { describe, expect, it } from "vitest";
import { nearest } from "./nearest.js";

describe("nearest", () => {
  const rules = ["missing-unlock", "missing-await", "lock-order", "deadlock"];

  it.each([
    ["missing-unlok", "missing-unlock"],
    ["mising-awaits", "missing-await"],
    ["dedlock", "deadlock"],
    ["unlock-missing", undefined],
    ["x", undefined],
    ["", undefined],
  ])("takes %s for %s", (typed, meant) => {
    expect(nearest(typed, rules)).toBe(meant);
  });
});
