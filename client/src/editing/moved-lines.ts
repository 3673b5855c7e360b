/** One edit, as far as it moves lines. Lines are 0-based. */
export interface LineEdit {
  /** The first line that it touches. */
  readonly start: number;
  /** Line ends that it took away, and put in. */
  readonly removed: number;
  readonly added: number;
}

/** Where the lines of a text are by now that was edited since a program was run from it. */
export class MovedLines {
  readonly #edits: LineEdit[] = [];

  edited(edit: LineEdit): void {
    if (edit.removed !== 0 || edit.added !== 0) this.#edits.push(edit);
  }

  /** Where the line is now; undefined if it is gone. */
  toPresent(line: number): number | undefined {
    let at = line;
    for (const { start, removed, added } of this.#edits) {
      if (at <= start) continue;
      if (at <= start + removed) return undefined;
      at += added - removed;
    }
    return at;
  }

  /** Where a line of the present text was; undefined if it is new. */
  toTraced(line: number): number | undefined {
    let at = line;
    for (const { start, removed, added } of this.#edits.toReversed()) {
      if (at <= start) continue;
      if (at <= start + added) return undefined;
      at += removed - added;
    }
    return at;
  }
}
