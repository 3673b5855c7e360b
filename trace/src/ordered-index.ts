import { LazyQueue } from "./lazy-queue.js";

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
  #many: Many<K, V> | undefined;

  constructor(keyOf: (value: V) => K) {
    this.#keyOf = keyOf;
  }

  get size(): number {
    if (this.#one !== undefined) return 1;
    return this.#many === undefined ? this.#few.length : this.#many.alive.size;
  }

  /** The value that came first. */
  get oldest(): V | undefined {
    if (this.#one !== undefined) return this.#one;
    return this.#many === undefined ? this.#few[0] : this.#many.order.oldest(this.#many.alive);
  }

  /** The value that came last. */
  get newest(): V | undefined {
    if (this.#one !== undefined) return this.#one;
    if (this.#many !== undefined) return this.#many.order.newest(this.#many.alive);
    const few = this.#few;
    return few.length === 0 ? undefined : few[few.length - 1];
  }

  /** The oldest value with this key. */
  find(key: K): V | undefined {
    const one = this.#one;
    if (one !== undefined) return this.#keyOf(one) === key ? one : undefined;
    if (this.#many !== undefined) return this.#many.byKey.get(key)?.queue.oldest(this.#many.alive);
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
    return this.#many === undefined ? this.#few.values() : this.#many.order.values(this.#many.alive);
  }

  #index(): void {
    const few = this.#few;
    this.#few = NONE;
    this.#many = { alive: new Set(), order: new LazyQueue(), byKey: new Map() };
    for (const value of few) this.#addToMany(value);
  }

  #addToMany(value: V): void {
    const { alive, order, byKey } = this.#many!;
    const key = this.#keyOf(value);
    let same = byKey.get(key);
    if (same === undefined) {
      same = { queue: new LazyQueue(), living: 0 };
      byKey.set(key, same);
    }
    alive.add(value);
    same.living++;
    order.push(value, alive, alive.size);
    same.queue.push(value, alive, same.living);
  }

  #deleteFromMany(value: V): boolean {
    const { alive, byKey } = this.#many!;
    if (!alive.delete(value)) return false;
    const key = this.#keyOf(value);
    const same = byKey.get(key)!;
    if (--same.living === 0) byKey.delete(key);
    if (alive.size === 0) this.#many = undefined;
    return true;
  }
}

interface Many<K, V extends object> {
  readonly alive: Set<V>;
  readonly order: LazyQueue<V>;
  readonly byKey: Map<K, { readonly queue: LazyQueue<V>; living: number }>;
}

/** Nobody adds to it: two values are the first that need an array. */
const NONE: never[] = [];
