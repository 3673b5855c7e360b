import type { Finding, TextEdit } from "@lockscope/analyzer";

/** The rule that reports suppressions without effect; suppressing it would be a snake biting its tail. */
export const unusedSuppression = "unused-suppression";

/**
 * A comment above the finding's line, indented like it, that waits for its reason after the dashes.
 *
 * @param text the document's text
 */
export function suppressionEdit(finding: Finding, text: string): TextEdit {
  const line = finding.range.start.line;
  const source = text.split("\n")[line] ?? "";
  const indentation = /^[\t ]*/.exec(source)?.[0] ?? "";
  const newline = text.includes("\r\n") ? "\r\n" : "\n";
  const start = { line, character: 0 };
  return {
    file: finding.file,
    range: { start, end: start },
    newText: `${indentation}// lockscope-disable-next-line ${finding.rule} -- ${newline}`,
  };
}
