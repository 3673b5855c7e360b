/** A first-in first-out buffer that grows by doubling: a channel of a million slots costs what it holds. */
export class Ring<T> {
  #items: (T | undefined)[] = [];
  #head = 0;
  #length = 0;

  get length(): number {
    return this.#length;
  }

  push(value: T): void {
    if (this.#length === this.#items.length) this.#grow();
    this.#items[(this.#head + this.#length) & (this.#items.length - 1)] = value;
    this.#length++;
  }

  /** Takes the oldest value out. The caller has seen that there is one. */
  shift(): T {
    const value = this.#items[this.#head] as T;
    this.#items[this.#head] = undefined;
    this.#head = (this.#head + 1) & (this.#items.length - 1);
    this.#length--;
    return value;
  }

  /** The size stays a power of two, so that wrapping around is a mask. */
  #grow(): void {
    const items = this.#items;
    this.#items = [...items.slice(this.#head), ...items.slice(0, this.#head)];
    this.#items.length = Math.max(4, items.length * 2);
    this.#items.fill(undefined, items.length);
    this.#head = 0;
  }
}
