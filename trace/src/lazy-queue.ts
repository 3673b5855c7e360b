/**
 * Values in the order they came, of which some are dead: whoever uses the queue keeps the living ones in a set.
 * The dead leave when they reach an end, or when they are the majority: every operation is amortised O(1), which
 * a JavaScript Set alone does not give (finding its first value steps over all the deleted ones before it).
 */
export class LazyQueue<V extends object> {
  #items: V[] = [];
  #head = 0;

  /** @param living how many of the values are alive, `value` included */
  push(value: V, alive: ReadonlySet<V>, living: number): void {
    if (this.#items.length > 2 * living + 64) {
      this.#items = this.#items.filter((item, at) => at >= this.#head && alive.has(item));
      this.#head = 0;
    }
    this.#items.push(value);
  }

  oldest(alive: ReadonlySet<V>): V | undefined {
    const items = this.#items;
    while (this.#head < items.length && !alive.has(items[this.#head]!)) this.#head++;
    return items[this.#head];
  }

  newest(alive: ReadonlySet<V>): V | undefined {
    const items = this.#items;
    while (items.length > this.#head && !alive.has(items[items.length - 1]!)) items.pop();
    return items.length > this.#head ? items[items.length - 1] : undefined;
  }

  *values(alive: ReadonlySet<V>): IterableIterator<V> {
    this.oldest(alive);
    for (let at = this.#head; at < this.#items.length; at++) {
      const value = this.#items[at]!;
      if (alive.has(value)) yield value;
    }
  }
}
