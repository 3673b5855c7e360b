/** A binary heap whose values know their places in it, so that one whose rank has changed is found at once. */
export class MinHeap<V extends { at: number }> {
  readonly #values: V[] = [];
  readonly #isLess: (a: V, b: V) => boolean;

  constructor(isLess: (a: V, b: V) => boolean) {
    this.#isLess = isLess;
  }

  get size(): number {
    return this.#values.length;
  }

  /** In no order. */
  get values(): readonly V[] {
    return this.#values;
  }

  get least(): V | undefined {
    return this.#values[0];
  }

  /** The least of all but the least. */
  get second(): V | undefined {
    const left = this.#values[1];
    const right = this.#values[2];
    return right !== undefined && this.#isLess(right, left!) ? right : left;
  }

  /** O(log size), as are {@link update} and {@link delete}. */
  add(value: V): void {
    value.at = this.#values.push(value) - 1;
    this.#rise(value);
  }

  /** To be called when the rank of a value that is in the heap has changed. */
  update(value: V): void {
    this.#rise(value);
    this.#sink(value);
  }

  /** Sets `at` to -1. */
  delete(value: V): void {
    const last = this.#values.pop()!;
    if (last !== value) {
      this.#put(last, value.at);
      this.update(last);
    }
    value.at = -1;
  }

  #rise(value: V): void {
    while (value.at > 0) {
      const above = this.#values[(value.at - 1) >> 1]!;
      if (!this.#isLess(value, above)) return;
      this.#swap(value, above);
    }
  }

  #sink(value: V): void {
    for (;;) {
      const left = this.#values[2 * value.at + 1];
      const right = this.#values[2 * value.at + 2];
      const below = right !== undefined && this.#isLess(right, left!) ? right : left;
      if (below === undefined || !this.#isLess(below, value)) return;
      this.#swap(below, value);
    }
  }

  #swap(a: V, b: V): void {
    const at = a.at;
    this.#put(a, b.at);
    this.#put(b, at);
  }

  #put(value: V, at: number): void {
    this.#values[at] = value;
    value.at = at;
  }
}
