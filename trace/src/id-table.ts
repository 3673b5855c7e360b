const DENSE = 1 << 16;

/** Things by id, in the order of their first appearance. Small ids, the usual ones, cost an array access. */
export class IdTable<T> {
  readonly all: T[] = [];
  readonly #dense: (T | undefined)[] = [];
  readonly #sparse = new Map<number, T>();

  get(id: number): T | undefined {
    return id < DENSE ? this.#dense[id] : this.#sparse.get(id);
  }

  add(id: number, thing: T): T {
    this.all.push(thing);
    if (id < DENSE) this.#dense[id] = thing;
    else this.#sparse.set(id, thing);
    return thing;
  }
}
