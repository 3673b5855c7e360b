import type { Finding } from "@lockscope/analyzer";
import { displayPath } from "./locate.js";

/** One finding in `--format json`: programs rely on these keys, their order and their 1-based positions. */
interface JsonFinding {
  file: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  rule: string;
  severity: string;
  message: string;
  related: { file: string; line: number; message: string }[];
  fixes: string[];
}

export function jsonReport(findings: readonly Finding[], cwd: string): string {
  return `${JSON.stringify(
    findings.map((finding) => toJson(finding, cwd)),
    undefined,
    2,
  )}\n`;
}

function toJson({ file, range, rule, severity, message, related, fixes }: Finding, cwd: string): JsonFinding {
  return {
    file: displayPath(cwd, file),
    line: range.start.line + 1,
    column: range.start.character + 1,
    endLine: range.end.line + 1,
    endColumn: range.end.character + 1,
    rule,
    severity,
    message,
    related: related.map((place) => ({
      file: displayPath(cwd, place.file),
      line: place.range.start.line + 1,
      message: place.message,
    })),
    fixes: fixes.map(({ title }) => title),
  };
}
