import type { TextEdit } from "./api.js";

/** The text after a fix. Edits do not overlap; several at one place go in in their order. */
export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  const starts = [0];
  for (let at = text.indexOf("\n"); at >= 0; at = text.indexOf("\n", at + 1)) starts.push(at + 1);
  const offset = ({ line, character }: { line: number; character: number }) =>
    (starts[line] ?? text.length) + character;
  const ordered = edits
    .map((edit, index) => ({
      start: offset(edit.range.start),
      end: offset(edit.range.end),
      text: edit.newText,
      index,
    }))
    .sort((a, b) => a.start - b.start || a.index - b.index);
  let result = "";
  let done = 0;
  for (const edit of ordered) {
    if (edit.start < done) throw new Error(`edits overlap at ${edit.start}`);
    result += text.slice(done, edit.start) + edit.text;
    done = edit.end;
  }
  return result + text.slice(done);
}
