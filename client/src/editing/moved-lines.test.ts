import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type LineEdit, MovedLines } from "./moved-lines.js";

function moved(...edits: LineEdit[]): MovedLines {
  const lines = new MovedLines();
  for (const edit of edits) lines.edited(edit);
  return lines;
}

describe("lines of an edited text", () => {
  it.each([
    ["before the edit", { start: 5, removed: 0, added: 2 }, 3, 3],
    ["that is edited itself", { start: 5, removed: 0, added: 2 }, 5, 5],
    ["after lines put in", { start: 5, removed: 0, added: 2 }, 6, 8],
    ["after lines taken away", { start: 5, removed: 2, added: 0 }, 9, 7],
    ["taken away", { start: 5, removed: 2, added: 0 }, 7, undefined],
    ["replaced", { start: 5, removed: 2, added: 3 }, 6, undefined],
  ])("%s", (_, edit, line, now) => {
    expect(moved(edit).toPresent(line)).toBe(now);
  });

  it("are found again from the present text", () => {
    const edits = moved({ start: 5, removed: 0, added: 2 }, { start: 1, removed: 1, added: 0 });
    expect(edits.toPresent(6)).toBe(7);
    expect(edits.toTraced(7)).toBe(6);
    expect(edits.toTraced(5)).toBeUndefined();
  });

  it("keep each other's company, whatever the edits", () => {
    const edit = fc.record({ start: fc.nat(20), removed: fc.nat(4), added: fc.nat(4) });
    fc.assert(
      fc.property(fc.array(edit, { maxLength: 6 }), fc.nat(40), (edits, line) => {
        const lines = moved(...edits);
        const now = lines.toPresent(line);
        if (now !== undefined) expect(lines.toTraced(now)).toBe(line);
      }),
    );
  });
});
