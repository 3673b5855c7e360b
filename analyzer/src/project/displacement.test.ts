import { describe, expect, it } from "vitest";
import type { Finding, Range } from "../api.js";
import { displaced, displacement } from "./displacement.js";

const before = "one\ntwo three\nfour\nfive\n";
const after = "one\ntwo 2.5\n2.75 three\nfour\nfive\n";

function range(line: number, from: number, to: number): Range {
  return { start: { line, character: from }, end: { line, character: to } };
}

describe("displacement", () => {
  const place = displacement(before, after);

  it("leaves what is before the difference where it is", () => {
    expect(place(range(0, 0, 3))).toEqual(range(0, 0, 3));
    expect(place(range(1, 0, 3))).toEqual(range(1, 0, 3));
  });

  it("moves what is behind it, on the same line and on later ones", () => {
    expect(place(range(1, 5, 9))).toEqual(range(2, 6, 10));
    expect(place(range(3, 0, 4))).toEqual(range(4, 0, 4));
  });

  it("loses what the difference lies in, and what was taken away", () => {
    expect(place(range(1, 0, 9))).toBeUndefined();
    expect(displacement(after, before)(range(2, 0, 4))).toBeUndefined();
  });

  it("is nothing between equal texts", () => {
    expect(displacement(before, before)(range(3, 1, 4))).toEqual(range(3, 1, 4));
  });

  it("drops a fix that would write into the difference", () => {
    const edit = (at: Range) => ({
      title: "",
      safety: "safe" as const,
      edits: [{ file: "a", range: at, newText: "" }],
    });
    const finding: Finding = {
      rule: "r",
      severity: "error",
      message: "",
      file: "a",
      range: range(3, 0, 4),
      related: [
        { file: "a", range: range(1, 0, 9), message: "gone" },
        { file: "b", range: range(1, 0, 9), message: "another file" },
      ],
      fixes: [edit(range(1, 0, 9)), edit(range(2, 0, 0))],
    };
    expect(displaced([finding], "a", place)).toMatchObject([
      {
        range: range(4, 0, 4),
        related: [{ message: "another file" }],
        fixes: [{ edits: [{ range: range(3, 0, 0) }] }],
      },
    ]);
  });
});

describe("several edits apart", () => {
  const old = "a\nb lock\nc\nd\ne lock\nf\n";
  const now = "new\na\nb lock\nc {\nd\ne lock\nbroken( {\nf\n";
  const place = displacement(old, now);

  it("lines that are as they were are found again", () => {
    expect(place(range(1, 2, 6))).toEqual(range(2, 2, 6));
    expect(place(range(4, 2, 6))).toEqual(range(5, 2, 6));
  });

  it("a line that changed is not", () => {
    expect(place(range(2, 0, 1))).toBeUndefined();
  });
});
