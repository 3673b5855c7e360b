import type { Range } from "@lockscope/analyzer";
import type { Colors } from "./colors.js";
import { columns, expandTabs, printable } from "./terminal-text.js";

/** Lines shown before and after the finding. */
const context = 2;
/** A longer line (generated code) is shown as the stretch around the finding. */
const maxColumns = 160;

/**
 * The source around a range with line numbers, the range underlined. A range of several lines is underlined to
 * the end of its first.
 */
export function codeFrame(lines: readonly string[], range: Range, colors: Colors): string {
  const { line, character } = range.start;
  const text = lines[line];
  if (text === undefined) return "";
  const last = Math.min(lines.length - 1, line + context);
  const gutter = String(last + 1).length;
  const number = (of: string) => colors.dim(`${of.padStart(gutter)} |`);
  const frame: string[] = [];
  for (let at = Math.max(0, line - context); at <= last; at++) {
    if (at === line) {
      const end = range.end.line === line ? range.end.character : text.trimEnd().length;
      const { shown, indent, length } = window(text, character, Math.max(end, character + 1));
      frame.push(`${number(String(at + 1))} ${shown}`);
      frame.push(`${number("")} ${" ".repeat(indent)}${colors.underline("^".repeat(length))}`);
    } else {
      frame.push(`${number(String(at + 1))} ${clip(lines[at] ?? "", 0, maxColumns)}`.trimEnd());
    }
  }
  return frame.join("\n");
}

/** The part of a line to show, and where in it the underline goes. */
function window(text: string, start: number, end: number): { shown: string; indent: number; length: number } {
  const from = end > maxColumns ? Math.max(0, start - maxColumns / 4) : 0;
  const shown = clip(text, from, from + maxColumns);
  const indent = width(text.slice(from, start)) + (from > 0 ? 1 : 0);
  const length = Math.max(1, width(text.slice(start, Math.min(end, from + maxColumns))));
  return { shown, indent, length };
}

function clip(text: string, from: number, to: number): string {
  const cut = `${from > 0 ? "…" : ""}${text.slice(from, to)}${text.length > to ? "…" : ""}`;
  return expandTabs(printable(cut));
}

function width(text: string): number {
  return columns(expandTabs(printable(text)));
}
