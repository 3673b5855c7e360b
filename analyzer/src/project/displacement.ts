import type { Finding, Range } from "../api.js";

/** Where a stretch of one text is in another, which differs from it in one place; undefined where they differ. */
export type Displacement = (range: Range) => Range | undefined;

export function displacement(from: string, to: string): Displacement {
  const shorter = Math.min(from.length, to.length);
  let head = 0;
  while (head < shorter && from[head] === to[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && from.at(-1 - tail) === to.at(-1 - tail)) tail += 1;
  const before = lineStarts(from);
  const after = lineStarts(to);

  function moved({ line, character }: Range["start"]): Range["start"] | undefined {
    const offset = (before[line] ?? from.length) + character;
    if (offset <= head) return { line, character };
    if (offset < from.length - tail) return undefined;
    return positionAt(offset + to.length - from.length, after);
  }

  return ({ start, end }) => {
    const [newStart, newEnd] = [moved(start), moved(end)];
    // A stretch that the difference lies in has grown or shrunk: it is not the same any more.
    const around = positionAt(head, before);
    const isAround = compare(start, around) < 0 && compare(around, end) < 0;
    return newStart === undefined || newEnd === undefined || isAround
      ? undefined
      : { start: newStart, end: newEnd };
  };
}

/** Findings of an earlier text as they are in the present one; what touches the difference is left out. */
export function displaced(findings: readonly Finding[], file: string, place: Displacement): Finding[] {
  const moved = <T extends { readonly file: string; readonly range: Range }>(item: T): T[] => {
    if (item.file !== file) return [item];
    const range = place(item.range);
    return range === undefined ? [] : [{ ...item, range }];
  };
  return findings.flatMap(moved).map((finding) => ({
    ...finding,
    related: finding.related.flatMap(moved),
    fixes: finding.fixes.flatMap((fix) => {
      const edits = fix.edits.flatMap(moved);
      return edits.length === fix.edits.length ? [{ ...fix, edits }] : [];
    }),
  }));
}

function lineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  return starts;
}

function positionAt(offset: number, starts: readonly number[]): Range["start"] {
  const line = starts.findLastIndex((start) => start <= offset);
  return { line, character: offset - (starts[line] ?? 0) };
}

function compare(a: Range["start"], b: Range["start"]): number {
  return a.line - b.line || a.character - b.character;
}
