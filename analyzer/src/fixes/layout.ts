import ts from "typescript";
import type { Edit } from "../rules/rule.js";

/** Start of the line that a position is on. */
export function lineStart(text: string, position: number): number {
  return text.lastIndexOf("\n", position - 1) + 1;
}

/** The white space that a node's line starts with. */
export function indentOf(node: ts.Node): string {
  const { text } = node.getSourceFile();
  const from = lineStart(text, node.getStart());
  return /^[ \t]*/.exec(text.slice(from))?.[0] ?? "";
}

/** One level of indentation, as the file has it. */
export function indentUnit(file: ts.SourceFile): string {
  const indented = /^(\t|[ ]{2,8})\S/m.exec(file.text);
  return indented?.[1] ?? "  ";
}

export function newLine(file: ts.SourceFile): string {
  return file.text.includes("\r\n") ? "\r\n" : "\n";
}

/** Removes a statement with its line, its leading comments left where they are. */
export function removal(statement: ts.Node): Edit {
  const file = statement.getSourceFile();
  const { text } = file;
  const start = statement.getStart();
  const end = statement.getEnd();
  const from = lineStart(text, start);
  const alone =
    text.slice(from, start).trim() === "" && /^[ \t]*(\/\/[^\n]*)?\r?(\n|$)/.test(text.slice(end));
  if (!alone) return { file, start, end, text: "" };
  const lineEnd = text.indexOf("\n", end);
  return { file, start: from, end: lineEnd < 0 ? text.length : lineEnd + 1, text: "" };
}

/** Pushes the lines between two positions one level to the right; text inside templates stays as it is. */
export function indentLines(file: ts.SourceFile, start: number, end: number): Edit[] {
  const frozen = templateRanges(file, start, end);
  const unit = indentUnit(file);
  const edits: Edit[] = [];
  for (let at = lineStart(file.text, start); at < end; ) {
    const lineEnd = file.text.indexOf("\n", at);
    const next = lineEnd < 0 ? file.text.length : lineEnd + 1;
    const blank = file.text.slice(at, next).trim() === "";
    if (!blank && !frozen.some((range) => range.start < at && at <= range.end))
      edits.push({ file, start: at, end: at, text: unit });
    at = next;
    if (lineEnd < 0) break;
  }
  return edits;
}

function templateRanges(file: ts.SourceFile, start: number, end: number): { start: number; end: number }[] {
  const ranges: { start: number; end: number }[] = [];
  const visit = (node: ts.Node): void => {
    if (node.getEnd() < start || node.getFullStart() > end) return;
    if (ts.isTemplateExpression(node) || ts.isNoSubstitutionTemplateLiteral(node)) {
      ranges.push({ start: node.getStart(), end: node.getEnd() });
    }
    ts.forEachChild(node, visit);
  };
  visit(file);
  return ranges;
}
