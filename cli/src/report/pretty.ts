import type { CheckResult, Finding } from "@lockscope/analyzer";
import { codeFrame } from "./code-frame.js";
import type { Colors } from "./colors.js";
import { displayPath } from "./locate.js";
import { printable } from "./terminal-text.js";

export interface PrettyOptions {
  readonly cwd: string;
  readonly colors: Colors;
  /** The lines of a file, or undefined when it cannot be read any more. */
  readonly linesOf: (file: string) => readonly string[] | undefined;
  readonly urlOf: (rule: string) => string | undefined;
}

/** The report for people: a code frame per finding and a line that sums up. */
export function prettyReport(result: CheckResult, options: PrettyOptions): string {
  const blocks = result.findings.map((finding) => block(finding, options));
  return `${[...blocks, summary(result, options.colors)].join("\n\n")}\n`;
}

function block(finding: Finding, { cwd, colors, linesOf, urlOf }: PrettyOptions): string {
  const place = (file: string, { line, character }: { line: number; character: number }) =>
    `${displayPath(cwd, file)}:${line + 1}:${character + 1}`;
  const paint = finding.severity === "error" ? colors.error : colors.warning;
  const lines = [
    `${paint(finding.severity)} ${colors.bold(printable(finding.message))} ${colors.dim(finding.rule)}`,
    `  at ${colors.place(place(finding.file, finding.range.start))}`,
  ];
  const source = linesOf(finding.file);
  const frame = source && codeFrame(source, finding.range, colors);
  if (frame) lines.push(frame.replace(/^/gm, "  "));
  for (const { file, range, message } of finding.related) {
    lines.push(`  ${colors.dim("note")} ${printable(message)} ${colors.place(place(file, range.start))}`);
  }
  for (const { title } of finding.fixes) lines.push(`  ${colors.dim("fix ")} ${printable(title)}`);
  const url = urlOf(finding.rule);
  lines.push(colors.dim(`  more lockscope explain ${finding.rule}${url ? `, ${url}` : ""}`));
  return lines.join("\n");
}

function summary({ findings, analyzed, skipped }: CheckResult, colors: Colors): string {
  const looked = `${count(analyzed + skipped, "file")} looked at`;
  if (findings.length === 0) return `No problems found, ${looked}.`;
  const errors = findings.filter(({ severity }) => severity === "error").length;
  const files = new Set(findings.map(({ file }) => file)).size;
  const kinds = `${count(errors, "error")}, ${count(findings.length - errors, "warning")}`;
  return colors.bold(
    `${count(findings.length, "problem")} (${kinds}) in ${count(files, "file")}, ${looked}.`,
  );
}

function count(n: number, what: string): string {
  return `${n} ${what}${n === 1 ? "" : "s"}`;
}
