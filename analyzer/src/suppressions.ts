import ts from "typescript";
import type { Report } from "./rules/rule.js";

/** `// lockscope-disable-next-line rule-id, other-rule -- reason` */
const directive = /^\/\/\s*lockscope-disable-next-line\b([^\n]*)$/;

export interface Suppression {
  readonly start: number;
  readonly end: number;
  /** The line below the comment, 0-based; further comments in between are skipped. */
  readonly line: number;
  /** No name: every rule. */
  readonly rules: readonly string[];
}

export function suppressionsOf(file: ts.SourceFile): Suppression[] {
  if (!file.text.includes("lockscope-disable-next-line")) return [];
  const found: Suppression[] = [];
  for (const { pos, end } of comments(file)) {
    const match = directive.exec(file.text.slice(pos, end));
    if (match === null) continue;
    const names = (match[1] ?? "").split(/\s--(?:\s|$)/)[0] ?? "";
    const rules = names.split(/[\s,]+/).filter((name) => name !== "");
    found.push({ start: pos, end, line: nextCodeLine(file, end), rules });
  }
  return found;
}

function nextCodeLine(file: ts.SourceFile, end: number): number {
  const starts = file.getLineStarts();
  let line = file.getLineAndCharacterOfPosition(end).line + 1;
  while (line < starts.length - 1 && /^\s*\/\//.test(file.text.slice(starts[line], starts[line + 1])))
    line += 1;
  return line;
}

/** Comments as the scanner sees them, so that text inside strings and templates is none. */
function comments(file: ts.SourceFile): ts.CommentRange[] {
  const seen = new Map<number, ts.CommentRange>();
  const visit = (node: ts.Node): void => {
    if (node.kind === ts.SyntaxKind.JsxText) return;
    const children = node.getChildren(file);
    if (children.length > 0) {
      children.forEach(visit);
      return;
    }
    for (const range of ts.getLeadingCommentRanges(file.text, node.getFullStart()) ?? [])
      seen.set(range.pos, range);
    for (const range of ts.getTrailingCommentRanges(file.text, node.getEnd()) ?? [])
      seen.set(range.pos, range);
  };
  visit(file);
  return [...seen.values()].sort((a, b) => a.pos - b.pos);
}

export interface Suppressed<T> {
  readonly kept: T[];
  /** Suppressions, or names in them, below which there is nothing to suppress. */
  readonly unused: (Pick<Suppression, "start" | "end"> & { readonly message: string })[];
}

export function applySuppressions<T extends Report & { readonly rule: string }>(
  file: ts.SourceFile,
  reports: readonly T[],
): Suppressed<T> {
  const suppressions = suppressionsOf(file);
  const used = new Map<Suppression, Set<string>>();
  const kept = reports.filter((report) => {
    const { line } = file.getLineAndCharacterOfPosition(report.node.getStart());
    const by = suppressions.find(
      (each) => each.line === line && (each.rules.length === 0 || each.rules.includes(report.rule)),
    );
    if (by === undefined) return true;
    used.set(by, (used.get(by) ?? new Set()).add(report.rule));
    return false;
  });
  const unused = suppressions.flatMap((each) => {
    const idle = each.rules.filter((rule) => !used.get(each)?.has(rule));
    if (each.rules.length === 0)
      return used.has(each) ? [] : [{ ...each, message: "This suppresses nothing" }];
    return idle.length === 0
      ? []
      : [{ ...each, message: `There is no ${idle.join(" or ")} below to suppress` }];
  });
  return { kept, unused };
}
