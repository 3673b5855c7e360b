import type { Finding, Range } from "../api.js";

/** Where a stretch of one text is in another; undefined where they differ. */
export type Displacement = (range: Range) => Range | undefined;

/** Beyond this many pairs of lines what lies between the first and the last difference is taken for new. */
const maxPairs = 4_000_000;

/**
 * Texts are alike up to the first difference and from the last one on; in between, several edits apart,
 * line by line (the longest common subsequence of the lines).
 */
export function displacement(from: string, to: string): Displacement {
  const shorter = Math.min(from.length, to.length);
  let head = 0;
  while (head < shorter && from[head] === to[head]) head += 1;
  let tail = 0;
  while (tail < shorter - head && from.at(-1 - tail) === to.at(-1 - tail)) tail += 1;
  const before = lineStarts(from);
  const after = lineStarts(to);
  const first = positionAt(head, before).line;
  const last = positionAt(from.length - tail, before).line;
  const lines = sameLines(from, to, first, last, positionAt(to.length - tail, after).line);

  function moved({ line, character }: Range["start"]): Range["start"] | undefined {
    const offset = (before[line] ?? from.length) + character;
    if (offset <= head) return { line, character };
    const same = lines.get(line);
    if (same !== undefined) return { line: same, character };
    return offset < from.length - tail ? undefined : positionAt(offset + to.length - from.length, after);
  }

  return ({ start, end }) => {
    const [newStart, newEnd] = [moved(start), moved(end)];
    // A stretch that the first difference lies in has grown or shrunk: it is not the same any more.
    const around = positionAt(head, before);
    const isAround = compare(start, around) < 0 && compare(around, end) < 0 && !lines.has(start.line);
    if (newStart === undefined || newEnd === undefined || isAround) return undefined;
    const isWhole = newEnd.line - newStart.line === end.line - start.line;
    return isWhole ? { start: newStart, end: newEnd } : undefined;
  };
}

/** By line of the old text, between the differences: its line in the new one. */
function sameLines(
  from: string,
  to: string,
  first: number,
  last: number,
  newLast: number,
): Map<number, number> {
  const old = from.split("\n").slice(first, last + 1);
  const now = to.split("\n").slice(first, newLast + 1);
  const same = new Map<number, number>();
  if (old.length * now.length > maxPairs) return same;
  // longest[i][j]: how many lines the rest of both, from i and j on, have in common.
  const width = now.length + 1;
  const longest = new Uint32Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i -= 1) {
    for (let j = now.length - 1; j >= 0; j -= 1) {
      const [down, right] = [longest[(i + 1) * width + j] ?? 0, longest[i * width + j + 1] ?? 0];
      longest[i * width + j] =
        old[i] === now[j] ? 1 + (longest[(i + 1) * width + j + 1] ?? 0) : Math.max(down, right);
    }
  }
  for (let i = 0, j = 0; i < old.length && j < now.length; ) {
    if (old[i] === now[j]) same.set(first + i++, first + j++);
    else if ((longest[(i + 1) * width + j] ?? 0) >= (longest[i * width + j + 1] ?? 0)) i += 1;
    else j += 1;
  }
  return same;
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
