/** A map whose copies share its entries until one of them is changed: most never are. */
export class Ledger<K, V> {
  #entries: Map<K, V>;
  #isShared: boolean;

  constructor(entries = new Map<K, V>(), isShared = false) {
    this.#entries = entries;
    this.#isShared = isShared;
  }

  copy(): Ledger<K, V> {
    this.#isShared = true;
    return new Ledger(this.#entries, true);
  }

  /** The same entries, by a look at no more than the map. */
  isCopyOf(other: Ledger<K, V>): boolean {
    return this.#entries === other.#entries;
  }

  get size(): number {
    return this.#entries.size;
  }

  get(key: K): V | undefined {
    return this.#entries.get(key);
  }

  has(key: K): boolean {
    return this.#entries.has(key);
  }

  keys(): IterableIterator<K> {
    return this.#entries.keys();
  }

  values(): IterableIterator<V> {
    return this.#entries.values();
  }

  [Symbol.iterator](): IterableIterator<[K, V]> {
    return this.#entries[Symbol.iterator]();
  }

  set(key: K, value: V): void {
    this.#own().set(key, value);
  }

  delete(key: K): void {
    if (this.#entries.has(key)) this.#own().delete(key);
  }

  clear(): void {
    this.#entries = new Map();
    this.#isShared = false;
  }

  #own(): Map<K, V> {
    if (this.#isShared) {
      this.#entries = new Map(this.#entries);
      this.#isShared = false;
    }
    return this.#entries;
  }
}
