const PAGE_BITS = 16;
const PAGE_MASK = (1 << PAGE_BITS) - 1;

/**
 * Things by id, in the order of their first appearance. Threads take ids in blocks of 65,536, so there is a page
 * a block: the ids of a block that is in use lie densely, and cost an array access.
 */
export class IdTable<T> {
  readonly all: T[] = [];
  readonly #pages = new Map<number, (T | undefined)[]>();
  /** The page that was asked for last: nearly always the next one too. */
  #page: (T | undefined)[] = [];
  #number = -1;

  get(id: number): T | undefined {
    const number = id >>> PAGE_BITS;
    if (number !== this.#number) {
      const page = this.#pages.get(number);
      if (page === undefined) return undefined;
      this.#page = page;
      this.#number = number;
    }
    return this.#page[id & PAGE_MASK];
  }

  /** Forgets those that are not to be kept. O(all). */
  retain(isKept: (thing: T) => boolean, idOf: (thing: T) => number): void {
    const gone = this.all.filter((thing) => !isKept(thing));
    for (const thing of gone) {
      const page = this.#pages.get(idOf(thing) >>> PAGE_BITS);
      if (page !== undefined) page[idOf(thing) & PAGE_MASK] = undefined;
    }
    const kept = this.all.filter(isKept);
    this.all.length = 0;
    for (const thing of kept) this.all.push(thing);
  }

  add(id: number, thing: T): T {
    this.all.push(thing);
    const number = id >>> PAGE_BITS;
    let page = this.#pages.get(number);
    if (page === undefined) {
      page = [];
      this.#pages.set(number, page);
    }
    page[id & PAGE_MASK] = thing;
    return thing;
  }
}
