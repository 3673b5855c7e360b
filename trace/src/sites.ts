import type { Definition } from "./definitions.js";

/** A place in a source file. `line` and `column` are 1-based; 0: unknown. */
export interface Site {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  readonly func: string;
}

/** Strings, and sites, that are kept: a definition of a few bytes must not cost its reader all memory. */
const MAX_DEFINITIONS = 2 ** 20;

/**
 * Threads number their strings and sites each for itself, and afresh in each generation; this table gives a
 * place one number for the whole store. Number 0 is the unknown place.
 */
export class SiteTable {
  readonly #sites: (Site | undefined)[] = [undefined];
  readonly #parents: number[] = [0];
  /** The first number of each place, whoever called it, by number and by text. */
  readonly #places: number[] = [0];
  readonly #placeNumbers = new Map<string, number>();
  readonly #numbers = new Map<string, number>();
  readonly #threads = new Map<number, ThreadTable>();
  #strings = 0;

  /** One more than the highest number. */
  get length(): number {
    return this.#sites.length;
  }

  get(number: number): Site | undefined {
    return this.#sites[number];
  }

  /** The number of the place from which this one was called; 0: unknown. */
  parentOf(number: number): number {
    return this.#parents[number] ?? 0;
  }

  /** One number for a place, whichever calls have led there. */
  placeOf(number: number): number {
    return this.#places[number] ?? 0;
  }

  /** Takes a definition of `thread`; definitions of tasks and locks are none of its business. */
  define(thread: ThreadTable, definition: Definition): void {
    if (definition.tag === "str") {
      if (++this.#strings <= MAX_DEFINITIONS) thread.strings.set(definition.id, definition.text);
    } else if (definition.tag === "site") {
      const file = thread.strings.get(definition.file) ?? "";
      const func = thread.strings.get(definition.func) ?? "";
      const parent = thread.sites.get(definition.parent);
      const { line, column } = definition;
      const known = file !== "" && definition.id !== 0;
      thread.sites.set(definition.id, known ? this.#number({ file, line, column, func }, parent) : 0);
    }
  }

  /** The table of a thread; a new generation empties it. */
  thread(thread: number, generation: number): ThreadTable {
    let table = this.#threads.get(thread);
    if (table === undefined || table.generation !== generation) {
      table = { generation, strings: new Map(), sites: new SiteNumbers() };
      this.#threads.set(thread, table);
    }
    return table;
  }

  #number(site: Site, parent: number): number {
    const place = `${site.line}:${site.column}:${site.func}:${site.file}`;
    const key = `${parent}:${place}`;
    let number = this.#numbers.get(key);
    if (number === undefined) {
      if (this.#sites.length > MAX_DEFINITIONS) return 0;
      number = this.#sites.push(site) - 1;
      this.#parents.push(parent);
      const first = this.#placeNumbers.get(place) ?? number;
      this.#places.push(first);
      if (first === number) this.#placeNumbers.set(place, number);
      this.#numbers.set(key, number);
    }
    return number;
  }
}

export interface ThreadTable {
  readonly generation: number;
  readonly strings: Map<number, string>;
  readonly sites: SiteNumbers;
}

/**
 * The store's number of a thread's site id. Ids count up as they are defined, so they index an array; one that
 * jumps ahead is kept apart, so that it costs no more than any other.
 */
export class SiteNumbers {
  readonly #dense: number[] = [0];
  readonly #sparse = new Map<number, number>();

  /** 0 for an id that was never defined. */
  get(id: number): number {
    return id < this.#dense.length ? this.#dense[id]! : (this.#sparse.get(id) ?? 0);
  }

  set(id: number, number: number): void {
    if (id < this.#dense.length) this.#dense[id] = number;
    else if (id === this.#dense.length) this.#dense.push(number);
    else this.#sparse.set(id, number);
  }

  /** Ids that were defined, with their numbers; rising, but for those that jumped ahead. */
  *entries(): IterableIterator<readonly [id: number, number: number]> {
    for (const [id, number] of this.#dense.entries()) if (number !== 0) yield [id, number];
    yield* this.#sparse;
  }
}
