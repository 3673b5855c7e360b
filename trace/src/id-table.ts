const PAGE_BITS = 16;
const PAGE_MASK = (1 << PAGE_BITS) - 1;

interface Page<T> {
  readonly slots: (T | undefined)[];
  /** Slots in use. */
  used: number;
}

/**
 * Things by id, in the order of their first appearance. Threads take ids in blocks of 65,536, so there is a page
 * a block: the ids of a block that is in use lie densely, and cost an array access.
 */
export class IdTable<T> {
  readonly all: T[] = [];
  readonly #pages = new Map<number, Page<T>>();
  /** The slots that were asked for last: nearly always the next ones too. */
  #slots: (T | undefined)[] = [];
  #number = -1;

  get(id: number): T | undefined {
    const number = id >>> PAGE_BITS;
    if (number !== this.#number) {
      const page = this.#pages.get(number);
      if (page === undefined) return undefined;
      this.#slots = page.slots;
      this.#number = number;
    }
    return this.#slots[id & PAGE_MASK];
  }

  /** Forgets those that are not to be kept. O(all). */
  retain(isKept: (thing: T) => boolean, idOf: (thing: T) => number): void {
    let kept = 0;
    for (const thing of this.all) {
      if (isKept(thing)) this.all[kept++] = thing;
      else this.#delete(idOf(thing));
    }
    this.all.length = kept;
  }

  add(id: number, thing: T): T {
    this.all.push(thing);
    const number = id >>> PAGE_BITS;
    let page = this.#pages.get(number);
    if (page === undefined) {
      page = { slots: [], used: 0 };
      this.#pages.set(number, page);
    }
    page.slots[id & PAGE_MASK] = thing;
    page.used++;
    return thing;
  }

  #delete(id: number): void {
    const number = id >>> PAGE_BITS;
    const page = this.#pages.get(number)!;
    page.slots[id & PAGE_MASK] = undefined;
    if (--page.used > 0) return;
    this.#pages.delete(number);
    if (number === this.#number) this.#number = -1;
  }
}
