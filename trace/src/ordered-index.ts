/** While there are so few values, looking at each is quicker than hashing. */
const SMALL = 32;

/**
 * Values in the order they came, found by key (several may share one). Nearly always a handful, for which a
 * plain array is best; but a main task may start a hundred thousand calls that all wait, and then every
 * operation must still be O(1).
 */
export class OrderedIndex<K, V extends object> implements Iterable<V> {
  readonly #keyOf: (value: V) => K;
  /** The only value, while there is just one: no array has to be made for it. */
  #one: V | undefined;
  #few: V[] = NONE;
  #many: { readonly all: Set<V>; readonly byKey: Map<K, Set<V>>; newest: V | undefined } | undefined;

  constructor(keyOf: (value: V) => K) {
    this.#keyOf = keyOf;
  }

  get size(): number {
    if (this.#one !== undefined) return 1;
    return this.#many === undefined ? this.#few.length : this.#many.all.size;
  }

  /** The value that came first. */
  get oldest(): V | undefined {
    if (this.#one !== undefined) return this.#one;
    return this.#many === undefined ? this.#few[0] : firstOf(this.#many.all);
  }

  /** The value that came last; once it is deleted from among many, just any. */
  get newest(): V | undefined {
    if (this.#one !== undefined) return this.#one;
    if (this.#many !== undefined) return this.#many.newest ?? this.oldest;
    const few = this.#few;
    return few.length === 0 ? undefined : few[few.length - 1];
  }

  /** The oldest value with this key. */
  find(key: K): V | undefined {
    const one = this.#one;
    if (one !== undefined) return this.#keyOf(one) === key ? one : undefined;
    if (this.#many !== undefined) return firstOf(this.#many.byKey.get(key));
    for (const value of this.#few) if (this.#keyOf(value) === key) return value;
    return undefined;
  }

  add(value: V): void {
    const few = this.#few;
    if (this.#many !== undefined) {
      this.#addToMany(value);
    } else if (this.#one !== undefined) {
      this.#few = [this.#one, value];
      this.#one = undefined;
    } else if (few.length === 0) {
      this.#one = value;
    } else {
      few.push(value);
      if (few.length > SMALL) this.#index();
    }
  }

  delete(value: V): boolean {
    if (this.#many !== undefined) return this.#deleteFromMany(value);
    if (this.#one !== undefined) {
      if (this.#one !== value) return false;
      this.#one = undefined;
      return true;
    }
    const few = this.#few;
    const at = few.indexOf(value);
    if (at < 0) return false;
    if (few.length === 2) {
      this.#one = few[1 - at];
      this.#few = NONE;
    } else {
      few.splice(at, 1);
    }
    return true;
  }

  [Symbol.iterator](): Iterator<V> {
    if (this.#one !== undefined) return [this.#one].values();
    return (this.#many?.all ?? this.#few).values();
  }

  #index(): void {
    const few = this.#few;
    this.#few = NONE;
    this.#many = { all: new Set(), byKey: new Map(), newest: undefined };
    for (const value of few) this.#addToMany(value);
  }

  #deleteFromMany(value: V): boolean {
    const many = this.#many!;
    if (!many.all.delete(value)) return false;
    const key = this.#keyOf(value);
    const same = many.byKey.get(key)!;
    same.delete(value);
    if (same.size === 0) many.byKey.delete(key);
    if (many.newest === value) many.newest = undefined;
    if (many.all.size === 0) this.#many = undefined;
    return true;
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

/** Nobody adds to it: two values are the first that need an array. */
const NONE: never[] = [];

function firstOf<V>(values: Set<V> | undefined): V | undefined {
  if (values === undefined) return undefined;
  for (const value of values) return value;
  return undefined;
}
