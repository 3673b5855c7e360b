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
      { findings: [], errors: [], analyzed: 2, skipped: 1, explored: 0, ...result },
      {
        cwd: "/w",
        colors: colorsFor(false),
        linesOf: (file) => (file === "/w/src/a.ts" ? ["async f() {", "  mu.lock();", "}"] : undefined),
      },
    );

  it("shows place, source, notes, fixes and where to read more", () => {
    const here = { ...finding.related[0]!, file: finding.file, message: "and here" };
    expect(report({ findings: [{ ...finding, related: [...finding.related, here] }] })).toBe(
      `src/a.ts:2:3 error missing-unlock
  mu stays locked
  1 | async f() {
  2 |   mu.lock();
    |   ^^^^^^^^^
  3 | }
  note lib/b.ts:7:5 this return leaves it locked
  note 7:5          and here
  fix  Wrap in try/finally

1 problem (1 error) in 1 file, 3 files looked at.
Why, and how to mend it: lockscope explain missing-unlock
`,
    );
  });

  it("does without the source of a file that is gone", () => {
    const text = report({ findings: [{ ...finding, file: "/w/gone.ts", related: [] }] });
    expect(text).toMatch(/^gone\.ts:2:3 error missing-unlock\n {2}mu stays locked\n {2}fix {2}Wrap/);
  });

  it("sums up", () => {
    expect(report({})).toBe("No problems found, 3 files looked at.\n");
    const warning: Finding = { ...finding, severity: "warning", file: "/w/b.ts" };
    expect(report({ findings: [finding, warning, warning] })).toContain(
      "3 problems (1 error, 2 warnings) in 2 files, 3 files looked at.",
    );
    expect(report({ findings: [warning, { ...warning, rule: "lock-order" }] })).toMatch(
      /^2 problems \(2 warnings\).*\nWhy.*: lockscope explain RULE, as in lockscope explain missing-unlock\n$/m,
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
