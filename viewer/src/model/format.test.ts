import { LockKind } from "@lockscope/trace";
import { describe, expect, it } from "vitest";
import { baseName, formatDuration, formatInstant, formatKind, formatPlace, plural } from "./format.js";

describe("what is shown of numbers and names", () => {
  it("durations, in the unit that suits", () => {
    expect(
      [0, 0.000_064, 0.0123, 0.999, 1.5, 48.23, 999.4, 12_345, 245_000, 7_260_000].map(formatDuration),
    ).toEqual([
      "0",
      "64 ns",
      "12.3 µs",
      "999 µs",
      "1.50 ms",
      "48.2 ms",
      "999 ms",
      "12.3 s",
      "4 min 5 s",
      "2 h 1 min",
    ]);
  });

  it("instants", () => {
    expect([0.5, 184.3264, 3204.44, 245_000.001].map(formatInstant)).toEqual([
      "0.500 ms",
      "184.326 ms",
      "3.204440 s",
      "4 min 5.000001 s",
    ]);
  });

  it("places, however long, and code that is in no file", () => {
    expect(formatPlace({ file: "/srv/bank.ts", line: 12 })).toBe("bank.ts:12");
    expect(formatPlace({ file: `/srv/${"x".repeat(5000)}.ts`, line: 12 })).toMatch(/^x{30}…x{27}\.ts:12$/);
    expect(formatPlace({ file: "data:text/javascript,import%20%22tsx%22", line: 1 })).toBe("inline code");
  });

  it("counts, kinds and files", () => {
    expect([plural(1, "task"), plural(12_345, "task")]).toEqual(["1 task", "12,345 tasks"]);
    expect([LockKind.mutex, LockKind.rwmutex, LockKind.channel, 99 as LockKind].map(formatKind)).toEqual([
      "Mutex",
      "RWMutex",
      "Channel",
      "Lock",
    ]);
    expect([baseName("/a/b.ts"), baseName("C:\\a\\b.ts"), baseName("b.ts")]).toEqual([
      "b.ts",
      "b.ts",
      "b.ts",
    ]);
  });
});
