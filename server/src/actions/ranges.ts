import type { Position, Range } from "@lockscope/analyzer";

export function comparePositions(a: Position, b: Position): number {
  return a.line - b.line || a.character - b.character;
}

/** Touching counts: a cursor at the end of a finding is on it. */
export function touch(a: Range, b: Range): boolean {
  return comparePositions(a.start, b.end) <= 0 && comparePositions(b.start, a.end) <= 0;
}

/** Whether two edits stand in each other's way. Two insertions at one place do: their order would be a guess. */
export function conflict(a: Range, b: Range): boolean {
  if (comparePositions(a.start, b.start) === 0) return true;
  return comparePositions(a.start, b.end) < 0 && comparePositions(b.start, a.end) < 0;
}
