import type { Finding, Fix, TextEdit } from "@lockscope/analyzer";
import { describe, expect, it } from "vitest";
import { fixAllEdits } from "./fix-all.js";

const file = "/w/a.ts";

function edit(from: number, to: number, newText: string, of = file): TextEdit {
  return {
    file: of,
    range: { start: { line: 0, character: from }, end: { line: 0, character: to } },
    newText,
  };
}

function finding(at: number, ...fixes: [Fix["safety"], ...TextEdit[]][]): Finding {
  return {
    rule: "r",
    severity: "error",
    message: "",
    file,
    range: edit(at, at + 1, "").range,
    related: [],
    fixes: fixes.map(([safety, ...edits]) => ({ title: "", safety, edits })),
  };
}

const texts = (findings: Finding[]) => fixAllEdits(file, findings).map(({ newText }) => newText);

describe("fix all", () => {
  it("takes the first safe fix of each finding, in order of place", () => {
    expect(
      texts([
        finding(8, ["safe", edit(8, 9, "late")]),
        finding(
          0,
          ["unsafe", edit(0, 1, "unsafe")],
          ["safe", edit(0, 1, "early")],
          ["safe", edit(0, 1, "no")],
        ),
        finding(4, ["unsafe", edit(4, 5, "never")]),
      ]),
    ).toEqual(["early", "late"]);
  });

  it("drops a whole fix when one of its edits overlaps a fix already taken", () => {
    const wide = finding(0, ["safe", edit(0, 0, "{"), edit(10, 10, "}")]);
    const inside = finding(2, ["safe", edit(2, 4, "in")]);
    const across = finding(3, ["safe", edit(3, 6, "across"), edit(12, 12, "tail")]);
    expect(texts([wide, inside, across])).toEqual(["{", "}", "in"]);
  });

  it("takes neighbours, but only one of two insertions at a place", () => {
    expect(texts([finding(0, ["safe", edit(0, 2, "a")]), finding(2, ["safe", edit(2, 3, "b")])])).toEqual([
      "a",
      "b",
    ]);
    expect(texts([finding(0, ["safe", edit(5, 5, "a")]), finding(1, ["safe", edit(5, 5, "b")])])).toEqual([
      "a",
    ]);
  });

  it("leaves fixes alone that reach into other files", () => {
    expect(texts([finding(0, ["safe", edit(0, 1, "here"), edit(0, 1, "there", "/w/b.ts")])])).toEqual([]);
  });
});
