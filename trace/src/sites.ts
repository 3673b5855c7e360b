import type { Definition } from "./definitions.js";

/** A place in a source file. `line` and `column` are 1-based; 0: unknown. */
export interface Site {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly func: string;
}

/**
 * Threads number their strings and sites each for itself, and afresh in each generation; this table gives a
 * place one number for the whole store. Number 0 is the unknown place.
 */
export class SiteTable {
  readonly #sites: (Site | undefined)[] = [undefined];
  readonly #numbers = new Map<string, number>();
  readonly #threads = new Map<number, ThreadTable>();

  get(number: number): Site | undefined {
    return this.#sites[number];
  }

  /** Takes a definition of `thread`; definitions of tasks and locks are none of its business. */
  define(thread: ThreadTable, definition: Definition): void {
    if (definition.tag === "str") {
      thread.strings.set(definition.id, definition.text);
    } else if (definition.tag === "site") {
      const file = thread.strings.get(definition.file) ?? "";
      const func = thread.strings.get(definition.func) ?? "";
      const { line, column } = definition;
      const known = file !== "" && definition.id !== 0;
      thread.sites.set(definition.id, known ? this.#number({ file, line, column, func }) : 0);
    }
  }

  /** The table of a thread; a new generation empties it. */
  thread(thread: number, generation: number): ThreadTable {
    let table = this.#threads.get(thread);
    if (table === undefined || table.generation !== generation) {
      table = { generation, strings: new Map(), sites: new Map() };
      this.#threads.set(thread, table);
    }
    return table;
  }

  #number(site: Site): number {
    const key = `${site.line}:${site.column}:${site.func}:${site.file}`;
    let number = this.#numbers.get(key);
    if (number === undefined) {
      number = this.#sites.push(site) - 1;
      this.#numbers.set(key, number);
    }
    return number;
  }
}

export interface ThreadTable {
  readonly generation: number;
  readonly strings: Map<number, string>;
  /** The thread's site id to the store's site number. */
  readonly sites: Map<number, number>;
}
