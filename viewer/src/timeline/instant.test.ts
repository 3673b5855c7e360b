import { describe, expect, it } from "vitest";
import { formatInstant } from "../model/format.js";
import { parseInstant } from "./instant.js";

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
