/** Something that is due at a time, on the runtime's clock. */
export interface Due {
  readonly at: number;
  /** Grows with every one: of two that are due at the same time the older goes first. */
  readonly number: number;
}

/** What is due next is on top. A binary heap: O(log n) to add and to take. */
export class DeadlineHeap<T extends Due> {
  #items: T[] = [];

  get length(): number {
    return this.#items.length;
  }

  get top(): T | undefined {
    return this.#items[0];
  }

  push(item: T): void {
    const items = this.#items;
    let at = items.push(item) - 1;
    while (at > 0) {
      const parent = (at - 1) >> 1;
      if (!before(item, items[parent]!)) break;
      items[at] = items[parent]!;
      at = parent;
    }
    items[at] = item;
  }

  pop(): T | undefined {
    const items = this.#items;
    const [top] = items;
    const item = items.pop();
    if (item === undefined || items.length === 0) return top;
    let at = 0;
    for (let child = 1; child < items.length; child = 2 * at + 1) {
      const right = child + 1;
      if (right < items.length && before(items[right]!, items[child]!)) child = right;
      if (!before(items[child]!, item)) break;
      items[at] = items[child]!;
      at = child;
    }
    items[at] = item;
    return top;
  }

  clear(): void {
    this.#items = [];
  }
}

function before(a: Due, b: Due): boolean {
  return a.at < b.at || (a.at === b.at && a.number < b.number);
}
