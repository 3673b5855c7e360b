import type { Finding } from "@lockscope/analyzer";

/** By file, then by place, then by rule: the same report for the same code. */
export function inOrder(findings: readonly Finding[]): Finding[] {
  return [...findings].sort(
    (a, b) =>
      compareText(a.file, b.file) ||
      a.range.start.line - b.range.start.line ||
      a.range.start.character - b.range.start.character ||
      compareText(a.rule, b.rule),
  );
}

/** By code unit: localeCompare would order by the machine's language. */
function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
