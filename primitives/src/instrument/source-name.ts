import { readFileSync } from "node:fs";
import type { CallSite } from "./call-sites.js";

/**
 * The name under which a new lock is kept, read off the source before its `new`:
 * `const mu = new Mutex()`, `this.mu = new Mutex()`, a field `readonly mu: Mutex = new Mutex()` and a
 * property `mu: new Mutex()` are all "mu".
 */
export function nameAt(before: string): string | undefined {
  const assigned = /([\p{ID_Start}$_][\p{ID_Continue}$]*)[?!]?\s*(?::[^=;(){}\n]*)?(?:\?\?|\|\|)?=\s*$/u.exec(
    before,
  );
  const property = /(?:^|[{,(])\s*["']?([\p{ID_Start}$_][\p{ID_Continue}$]*)["']?\s*:\s*$/u.exec(before);
  return (assigned ?? property)?.[1];
}

/**
 * Names of locks by the place where they are made. Files are read once, and only for places that the build has
 * not numbered.
 */
export class SourceNames {
  readonly #lines = new Map<string, readonly string[]>();
  /** How many locks were made at a place: from the second on they are numbered. */
  readonly #made = new Map<CallSite, number>();

  nameFor(site: CallSite): string | undefined {
    const name = "name" in site ? site.name : this.#read(site);
    if (name === undefined) return undefined;
    const count = (this.#made.get(site) ?? 0) + 1;
    this.#made.set(site, count);
    return count === 1 ? name : `${name}#${count}`;
  }

  #read({ file, line, column }: CallSite): string | undefined {
    const lines = this.#linesOf(file);
    const sameLine = (lines[line - 1] ?? "").slice(0, Math.max(0, column - 1));
    // A long declaration is broken after its `=`.
    return nameAt(sameLine.trim() === "" ? (lines[line - 2] ?? "") : sameLine);
  }

  #linesOf(file: string): readonly string[] {
    let lines = this.#lines.get(file);
    if (lines === undefined) {
      lines = readLines(file);
      this.#lines.set(file, lines);
    }
    return lines;
  }
}

function readLines(file: string): string[] {
  try {
    return readFileSync(file, "utf8").split(/\r\n|\n|\r/);
  } catch {
    return []; // Bundled away, or a script that never was a file: the lock goes by its number.
  }
}
