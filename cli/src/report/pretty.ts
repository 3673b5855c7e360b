import type { CheckResult, Finding, Range } from "@lockscope/analyzer";
import { codeFrame } from "./code-frame.js";
import type { Colors } from "./colors.js";
import { displayPath } from "./locate.js";
import { columns, printable } from "./terminal-text.js";

export interface PrettyOptions {
  readonly cwd: string;
  readonly colors: Colors;
  /** What `--fix` has mended before. */
  readonly fixed?: { readonly count: number; readonly files: number };
  /** The lines of a file, or undefined when it cannot be read any more. */
  readonly linesOf: (file: string) => readonly string[] | undefined;
}

/** The report for people: a code frame per finding and a line that sums up. */
export function prettyReport(result: CheckResult, options: PrettyOptions): string {
  const blocks = result.findings.map((finding) => block(finding, options));
  const { fixed } = options;
  const mended =
    fixed !== undefined && fixed.count > 0
      ? [`${count(fixed.count, "problem")} mended in ${count(fixed.files, "file")}.`]
      : [];
  return `${[...blocks, ...mended, summary(result, options.colors)].join("\n\n")}\n`;
}

function block(finding: Finding, { cwd, colors, linesOf }: PrettyOptions): string {
  const file = displayPath(cwd, finding.file);
  const paint = finding.severity === "error" ? colors.error : colors.warning;
  const lines = [
    `${colors.place(`${file}:${position(finding)}`)} ${paint(finding.severity)} ${colors.bold(finding.rule)}`,
    `  ${printable(finding.message)}`,
  ];
  const source = linesOf(finding.file);
  const frame = source && codeFrame(source, finding.range, colors);
  if (frame) lines.push(frame.replace(/^/gm, "  "));
  const places = finding.related.map((place) =>
    place.file === finding.file ? position(place) : `${displayPath(cwd, place.file)}:${position(place)}`,
  );
  const width = Math.max(0, ...places.map(columns));
  for (const [at, { message }] of finding.related.entries()) {
    const place = places[at] ?? "";
    const padding = " ".repeat(width - columns(place));
    lines.push(`  ${colors.dim("note")} ${colors.place(place)}${padding} ${printable(message)}`);
  }
  for (const { title } of finding.fixes) lines.push(`  ${colors.dim("fix ")} ${printable(title)}`);
  return lines.join("\n");
}

function position({ range: { start } }: { range: Range }): string {
  return `${start.line + 1}:${start.character + 1}`;
}

function summary({ findings, analyzed, skipped }: CheckResult, colors: Colors): string {
  const looked = `${count(analyzed + skipped, "file")} looked at`;
  const [first] = findings;
  if (first === undefined) return `No problems found, ${looked}.`;
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const warnings = findings.length - errors;
  const kinds = [errors > 0 && count(errors, "error"), warnings > 0 && count(warnings, "warning")];
  const files = new Set(findings.map(({ file }) => file)).size;
  const total = `${count(findings.length, "problem")} (${kinds.filter(Boolean).join(", ")}) in ${count(files, "file")}, ${looked}.`;
  const oneRule = findings.every(({ rule }) => rule === first.rule);
  const page = oneRule ? first.rule : `RULE, as in lockscope explain ${first.rule}`;
  return `${colors.bold(total)}\nWhy, and how to mend it: lockscope explain ${page}`;
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}
