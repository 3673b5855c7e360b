import { NoCopy } from "./no-copy.js";
import type { Named } from "./runtime/index.js";

export interface PoolOptions<T> extends Named {
  /** Makes an item when there is none to give out. */
  new?: () => T;
  /** Called with each item that comes back. One for which it throws is not kept. */
  reset?: (item: T) => void;
}

/**
 * Tells pools of the collections of garbage. For each pool that holds something, one small object is left
 * to be collected; holding the pool weakly, so that a pool nobody uses goes with its items.
 */
const collections = /* @__PURE__ */ new FinalizationRegistry<WeakRef<{ age(): void }>>((pool) => {
  pool.deref()?.age();
});

/**
 * Items to be used again instead of being made anew (Go's `sync.Pool`): the last that came back is the
 * first to go out again, while it is still in the processor's cache. A pool may lose its items at any
 * time; it is no place to keep what must be closed.
 *
 * As in Go, what nobody fetches is given up in two steps, so that a pool in use is not emptied at once
 * and one out of use does not hold memory for ever: a collection of garbage makes the items that are there
 * the older generation, which goes out when the younger is used up; the next one drops those that are still
 * there. The collector itself sets the pace (a major collection; it runs when memory grows), through a
 * FinalizationRegistry: no timer, and nothing that keeps the process alive.
 */
export class Pool<T> extends NoCopy {
  readonly #new: (() => T) | undefined;
  readonly #reset: ((item: T) => void) | undefined;
  readonly #label: string | undefined;
  #young: T[] = [];
  #old: T[] = [];
  /** Whether the next collection will be told to us. */
  #watching = false;

  constructor(options: PoolOptions<T> = {}) {
    super();
    this.#new = options.new;
    this.#reset = options.reset;
    this.#label = options.name;
  }

  /** @internal */
  get kind(): string {
    return "Pool";
  }

  /** The name given at construction, else "Pool". */
  override get name(): string {
    return this.#label ?? this.kind;
  }

  /** The item that came back last, else a new one; `undefined` if the pool cannot make any. O(1). */
  get(): T | undefined {
    return this.#young.pop() ?? this.#old.pop() ?? this.#new?.();
  }

  /** Gives an item back: from here on it is the pool's. `undefined` and `null` are no items, as nil in Go. O(1). */
  put(item: T): void {
    if (item === undefined || item === null) return;
    this.#reset?.(item);
    this.#young.push(item);
    if (!this.#watching) this.#watch();
  }

  /** @internal A collection of garbage has taken place. */
  age(): void {
    this.#old = this.#young;
    this.#young = [];
    this.#watching = false;
    if (this.#old.length > 0) this.#watch();
  }

  #watch(): void {
    this.#watching = true;
    collections.register({}, new WeakRef(this));
  }
}
