import type { Finding, Fix, TextEdit } from "@lockscope/analyzer";
import { comparePositions, conflict } from "./ranges.js";

/**
 * The edits of `source.fixAll.lockscope`: the first safe fix of each finding, in order of place. A fix that
 * reaches into another file, or into the edits of a fix already taken, is left for the next round.
 */
export function fixAllEdits(file: string, findings: readonly Finding[]): TextEdit[] {
  const taken: TextEdit[] = [];
  const inOrder = [...findings].sort((a, b) => comparePositions(a.range.start, b.range.start));
  for (const finding of inOrder) {
    const fix = firstSafeFix(finding);
    if (fix === undefined || fix.edits.some((edit) => edit.file !== file)) continue;
    if (fix.edits.some((edit) => taken.some((other) => conflict(edit.range, other.range)))) continue;
    taken.push(...fix.edits);
  }
  return taken;
}

export function firstSafeFix(finding: Finding): Fix | undefined {
  return finding.fixes.find((fix) => fix.safety === "safe");
}
