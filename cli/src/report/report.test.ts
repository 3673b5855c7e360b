import type { CheckResult, Finding } from "@lockscope/analyzer";
import { describe, expect, it } from "vitest";
import { colorsFor } from "./colors.js";
import { jsonReport } from "./json.js";
import { inOrder } from "./order.js";
import { prettyReport } from "./pretty.js";

const range = { start: { line: 1, character: 2 }, end: { line: 1, character: 11 } };
const finding: Finding = {
  rule: "missing-unlock",
  severity: "error",
  message: "mu stays locked",
  file: "/w/src/a.ts",
  range,
  related: [
    {
      file: "/w/lib/b.ts",
      range: { start: { line: 6, character: 4 }, end: { line: 6, character: 5 } },
      message: "this return leaves it locked",
    },
  ],
  fixes: [{ title: "Wrap in try/finally", safety: "safe", edits: [] }],
};

describe("the JSON report", () => {
  it("has the contract's keys in its order, 1-based, with relative paths and forward slashes", () => {
    const text = jsonReport([finding], "/w/src");
    expect(JSON.parse(text)).toEqual([
      {
        file: "a.ts",
        line: 2,
        column: 3,
        endLine: 2,
        endColumn: 12,
        rule: "missing-unlock",
        severity: "error",
        message: "mu stays locked",
        related: [{ file: "../lib/b.ts", line: 7, message: "this return leaves it locked" }],
        fixes: ["Wrap in try/finally"],
      },
    ]);
    expect(Object.keys(JSON.parse(text)[0]).join()).toBe(
      "file,line,column,endLine,endColumn,rule,severity,message,related,fixes",
    );
  });

  it("is an empty array when nothing is found", () => {
    expect(jsonReport([], "/w")).toBe("[]\n");
  });
});

describe("the report for people", () => {
  const report = (result: Partial<CheckResult>) =>
    prettyReport(
      { findings: [], errors: [], analyzed: 2, skipped: 1, ...result },
      {
        cwd: "/w",
        colors: colorsFor(false),
        linesOf: (file) => (file === "/w/src/a.ts" ? ["async f() {", "  mu.lock();", "}"] : undefined),
        urlOf: () => "https://example.com/missing-unlock",
      },
    );

  it("shows place, source, notes, fixes and where to read more", () => {
    expect(report({ findings: [finding] })).toBe(`error mu stays locked missing-unlock
  at src/a.ts:2:3
  1 | async f() {
  2 |   mu.lock();
    |   ^^^^^^^^^
  3 | }
  note this return leaves it locked lib/b.ts:7:5
  fix  Wrap in try/finally
  more lockscope explain missing-unlock, https://example.com/missing-unlock

1 problem (1 error, 0 warnings) in 1 file, 3 files looked at.
`);
  });

  it("does without the source of a file that is gone", () => {
    const text = report({ findings: [{ ...finding, file: "/w/gone.ts", related: [] }] });
    expect(text).toContain("  at gone.ts:2:3\n  fix  Wrap");
  });

  it("sums up", () => {
    expect(report({})).toBe("No problems found, 3 files looked at.\n");
    const warning: Finding = { ...finding, severity: "warning", file: "/w/b.ts" };
    expect(report({ findings: [finding, warning, warning] })).toContain(
      "3 problems (1 error, 2 warnings) in 2 files, 3 files looked at.",
    );
  });
});

describe("the order of findings", () => {
  it("is by file, place and rule, whatever order they come in", () => {
    const at = (file: string, line: number, rule: string): Finding => ({
      ...finding,
      file,
      rule,
      range: { start: { line, character: 0 }, end: { line, character: 1 } },
    });
    const right = [at("/B", 9, "a"), at("/a", 2, "a"), at("/a", 2, "b"), at("/a", 10, "a"), at("/ä", 0, "a")];
    expect(inOrder([...right].reverse())).toEqual(right);
  });
});
