import type { Finding } from "@lockscope/analyzer";
import { displayPath } from "./locate.js";

/**
 * Workflow commands: GitHub Actions shows them beside the changed lines.
 * https://docs.github.com/actions/reference/workflow-commands-for-github-actions
 */
export function githubReport(findings: readonly Finding[], cwd: string): string {
  return findings.map((finding) => `${command(finding, cwd)}\n`).join("");
}

function command({ file, range, rule, severity, message }: Finding, cwd: string): string {
  const properties = [
    `file=${property(displayPath(cwd, file))}`,
    `line=${range.start.line + 1}`,
    `endLine=${range.end.line + 1}`,
    // GitHub takes columns only where a finding stays on one line.
    ...(range.start.line === range.end.line
      ? [`col=${range.start.character + 1}`, `endColumn=${range.end.character + 1}`]
      : []),
    `title=${property(`lockscope: ${rule}`)}`,
  ];
  return `::${severity} ${properties.join(",")}::${data(message)}`;
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
