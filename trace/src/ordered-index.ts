/** While there are so few values, looking at each is quicker than hashing. */
const SMALL = 32;

/**
 * Values in the order they came, found by key (several may share one). Nearly always a handful, for which a
 * plain array is best; but a main task may start a hundred thousand calls that all wait, and then every
 * operation must still be O(1).
 */
export class OrderedIndex<K, V extends object> implements Iterable<V> {
  readonly #keyOf: (value: V) => K;
  #few: V[] = [];
  #many: { readonly all: Set<V>; readonly byKey: Map<K, Set<V>>; newest: V | undefined } | undefined;

  constructor(keyOf: (value: V) => K) {
    this.#keyOf = keyOf;
  }

  get size(): number {
    return this.#many?.all.size ?? this.#few.length;
  }

  /** The value that came first. */
  get oldest(): V | undefined {
    return this.#many === undefined ? this.#few[0] : firstOf(this.#many.all);
  }

  /** The value that came last; once it is deleted from among many, just any. */
  get newest(): V | undefined {
    if (this.#many === undefined) return this.#few[this.#few.length - 1];
    return this.#many.newest ?? this.oldest;
  }

  /** The oldest value with this key. */
  find(key: K): V | undefined {
    if (this.#many !== undefined) return firstOf(this.#many.byKey.get(key));
    for (const value of this.#few) if (this.#keyOf(value) === key) return value;
    return undefined;
  }

  add(value: V): void {
    if (this.#many === undefined) {
      this.#few.push(value);
      if (this.#few.length > SMALL) this.#index();
    } else {
      this.#addToMany(value);
    }
  }

  delete(value: V): boolean {
    const many = this.#many;
    if (many === undefined) {
      const at = this.#few.indexOf(value);
      if (at < 0) return false;
      if (at === this.#few.length - 1) this.#few.pop();
      else this.#few.splice(at, 1);
      return true;
    }
    if (!many.all.delete(value)) return false;
    const key = this.#keyOf(value);
    const same = many.byKey.get(key)!;
    same.delete(value);
    if (same.size === 0) many.byKey.delete(key);
    if (many.newest === value) many.newest = undefined;
    if (many.all.size === 0) this.#many = undefined;
    return true;
  }

  [Symbol.iterator](): Iterator<V> {
    return (this.#many?.all ?? this.#few).values();
  }

  #index(): void {
    const few = this.#few;
    this.#few = [];
    this.#many = { all: new Set(), byKey: new Map(), newest: undefined };
    for (const value of few) this.#addToMany(value);
  }

  #addToMany(value: V): void {
    const many = this.#many!;
    many.all.add(value);
    many.newest = value;
    const key = this.#keyOf(value);
    const same = many.byKey.get(key);
    if (same === undefined) many.byKey.set(key, new Set([value]));
    else same.add(value);
  }
}

function firstOf<V>(values: Set<V> | undefined): V | undefined {
  if (values === undefined) return undefined;
  for (const value of values) return value;
  return undefined;
}
