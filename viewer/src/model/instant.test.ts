import { describe, expect, it } from "vitest";
import { formatInstant } from "./format.js";
import { formatInstantTo, parseInstant } from "./instant.js";

describe("parseInstant", () => {
  it.each([
    ["12.5", 12.5],
    [".5", 0.5],
    [" 12.5 ms ", 12.5],
    ["250us", 0.25],
    ["64 ns", 64e-6],
    ["3 s", 3000],
    ["1,204.5 ms", 1204.5],
    ["4 min 5 s", 245_000],
    ["1:05.2", 65_200],
    ["1:02:03", 3_723_000],
  ])("reads %s", (text, ms) => {
    expect(parseInstant(text)).toBeCloseTo(ms, 9);
  });

  it.each(["", "now", "12 parsecs", "1 s later", "--3", "1e9999", "5 s 3"])("refuses %j", (text) => {
    expect(parseInstant(text)).toBeUndefined();
  });

  it("reads what the page writes", () => {
    for (const time of [0.001, 12.345, 999.9, 3204, 65_000]) {
      expect(parseInstant(formatInstant(time))).toBeCloseTo(time, 3);
    }
  });
});

describe("formatInstantTo", () => {
  it.each([
    [12.3456, 1e-3, "12.346 ms"],
    [12.3456, 0.3, "12.3 ms"],
    [12.3456, 20, "12 ms"],
    [5524.0498, 1e-3, "5.524050 s"],
    [5524.0498, 64e-6, "5.52404980 s"],
    [245_200, 100, "4 min 5.2 s"],
    [3_723_004.2, 1, "1 h 2 min 3.004 s"],
    [3_600_000, 1000, "1 h 0 min 0 s"],
  ])("writes %d to %d as %s", (ms, precision, text) => {
    expect(formatInstantTo(ms, precision)).toBe(text);
    expect(Math.abs(parseInstant(text)! - ms)).toBeLessThanOrEqual(precision);
  });
});
