import type { Range } from "@lockscope/analyzer";
import { describe, expect, it } from "vitest";
import { codeFrame } from "./code-frame.js";
import { colorsFor } from "./colors.js";

const plain = colorsFor(false);

function range(line: number, from: number, to: number, endLine = line): Range {
  return { start: { line, character: from }, end: { line: endLine, character: to } };
}

function frame(text: string, at: Range): string {
  return `\n${codeFrame(text.split("\n"), at, plain)}\n`;
}

describe("a code frame", () => {
  it("shows two lines around the finding and underlines it", () => {
    expect(frame("one\ntwo\nthree\n\nawait mu.lock();\nsix\nseven\neight\nnine\nten", range(4, 6, 15))).toBe(`
3 | three
4 |
5 | await mu.lock();
  |       ^^^^^^^^^
6 | six
7 | seven
`);
  });

  it("keeps the numbers in one column and stays inside the file", () => {
    expect(frame(`${"\n".repeat(8)}last\nx`, range(8, 0, 4))).toBe(`
 7 |
 8 |
 9 | last
   | ^^^^
10 | x
`);
  });

  it("underlines a range of several lines to the end of its first", () => {
    expect(frame("a(\n  b);  \n", range(0, 0, 3, 1))).toBe(`
1 | a(
  | ^^
2 |   b);
3 |
`);
  });

  it("puts the underline below the text whatever its characters measure", () => {
    expect(frame("\t\tlock();", range(0, 2, 6))).toBe("\n1 |         lock();\n  |         ^^^^\n");
    expect(frame("/* 锁🔒é */ lock();", range(0, 12, 16))).toBe(
      "\n1 | /* 锁🔒é */ lock();\n  |              ^^^^\n",
    );
  });

  it("shows the stretch around a finding in a very long line", () => {
    const text = `${"x".repeat(500)}lock();${"y".repeat(500)}`;
    const [shown, underline] = codeFrame([text], range(0, 500, 504), plain).split("\n");
    expect(shown).toHaveLength(4 + 160 + 2);
    expect(shown!.slice(underline!.indexOf("^"), underline!.lastIndexOf("^") + 1)).toBe("lock");
  });

  it("lets no control character of the source reach the terminal", () => {
    const shown = frame('log("\u001b[2J\u0007\u202e");', range(0, 0, 3));
    expect(shown).toContain('log("�[2J��");');
  });

  it("is empty when the file has become shorter, and marks an empty range", () => {
    expect(frame("x", range(7, 0, 1))).toBe("\n\n");
    expect(frame("abc", range(0, 1, 1))).toBe("\n1 | abc\n  |  ^\n");
  });

  it("colours only what is asked for", () => {
    expect(codeFrame(["x"], range(0, 0, 1), colorsFor(true))).toContain("\u001b[31m^\u001b[39m");
  });
});
