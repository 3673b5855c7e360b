import { syncError } from "./misuse.js";
import {
  fail,
  isInside,
  park,
  Resource,
  ready,
  runInside,
  runThen,
  Waiter,
  type WaitOptions,
  WaitQueue,
} from "./runtime/index.js";

const REENTRANT = "sync: Map.LoadOrCompute of a key is called by its own compute";

/** Those who ask for a key while its value is computed. */
class Compute<V> {
  readonly waiters = new WaitQueue<Waiter<V>>();
}

/**
 * Go's `sync.Map`, plus a compute that runs once per key however many ask.
 *
 * In one thread a plain `Map` needs no locks: what this adds are the compound operations, each of which
 * happens at once, and {@link SyncMap.loadOrCompute}. Keys are told apart as a `Map` does (NaN is itself),
 * values are compared by `===`. Every operation is O(1), but for `range`.
 */
export class SyncMap<K, V> extends Resource {
  readonly #entries = new Map<K, V>();
  readonly #computes = new Map<K, Compute<V>>();

  /** @internal */
  get kind(): string {
    return "SyncMap";
  }

  /** The value of `key`, and whether there is one. */
  load(key: K): [value: V | undefined, ok: boolean] {
    const value = this.#entries.get(key);
    return [value, value !== undefined || this.#entries.has(key)];
  }

  store(key: K, value: V): void {
    this.#computes.delete(key);
    this.#entries.set(key, value);
  }

  /** The value of `key` and true; if there is none, stores `value` and returns it and false. */
  loadOrStore(key: K, value: V): [actual: V, loaded: boolean] {
    const [found, ok] = this.load(key);
    if (ok) return [found as V, true];
    this.store(key, value);
    return [value, false];
  }

  /**
   * The value of `key`; if there is none, what `fn` makes of it, which is stored. However many ask at the
   * same time, `fn` runs once, within the call of the first; if it throws, all of them reject with its
   * error, nothing is stored, and the next to ask tries again.
   *
   * What happens to the key in between (`store`, `delete`, `clear` …) is later than the compute: those who
   * asked before get what it made, but it is not stored, since it may rest on what was just thrown away.
   *
   * The signal ends the wait of those who wait. Whoever runs `fn` stays with it: pass the signal on to it.
   *
   * @throws {SyncError} (as a rejection) when `fn` asks for the very key it computes; seen on the same stack
   * always, after an `await` only by a task whose identity is known (see `currentTask`)
   */
  loadOrCompute(key: K, fn: (key: K) => V | PromiseLike<V>, options?: WaitOptions): Promise<V> {
    const signal = options?.signal;
    if (signal?.aborted) return Promise.reject(signal.reason);
    const [found, ok] = this.load(key);
    if (ok) return Promise.resolve(found as V);
    const running = this.#computes.get(key);
    if (running === undefined) return this.#compute(key, fn);
    if (isInside(running)) return Promise.reject(syncError("once-reentrant", REENTRANT, this));
    const waiter = new Waiter<V>(this, "wait");
    running.waiters.push(waiter);
    return park(waiter, signal, SyncMap.prototype.loadOrCompute);
  }

  /** Removes `key`; the value it had, and whether it had one. */
  loadAndDelete(key: K): [value: V | undefined, loaded: boolean] {
    const found = this.load(key);
    this.delete(key);
    return found;
  }

  delete(key: K): void {
    this.#computes.delete(key);
    this.#entries.delete(key);
  }

  /** Stores `value`; the value that was there before, and whether there was one. */
  swap(key: K, value: V): [previous: V | undefined, loaded: boolean] {
    const found = this.load(key);
    this.store(key, value);
    return found;
  }

  /** Stores `next` if the value of `key` is `old`. A key that is not there has no value, not even `undefined`. */
  compareAndSwap(key: K, old: V, next: V): boolean {
    const [found, ok] = this.load(key);
    if (!ok || found !== old) return false;
    this.store(key, next);
    return true;
  }

  /** Removes `key` if its value is `old`. */
  compareAndDelete(key: K, old: V): boolean {
    const [found, ok] = this.load(key);
    if (!ok || found !== old) return false;
    this.delete(key);
    return true;
  }

  /**
   * Calls `fn` for each key until it returns false. `fn` may change the map: each key that was there at the
   * beginning is visited once at most, with the value it has then, and not at all if it is gone by then; keys
   * that are new are not visited. O(n), and a list of the keys.
   */
  range(fn: (key: K, value: V) => boolean): void {
    for (const key of [...this.#entries.keys()]) {
      const [value, ok] = this.load(key);
      if (ok && !fn(key, value as V)) return;
    }
  }

  clear(): void {
    this.#computes.clear();
    this.#entries.clear();
  }

  #compute(key: K, fn: (key: K) => V | PromiseLike<V>): Promise<V> {
    const compute = new Compute<V>();
    this.#computes.set(key, compute);
    return new Promise((resolve, reject) => {
      runThen(
        () => runInside(compute, () => fn(key)),
        (value) => {
          this.#computed(key, compute, value);
          resolve(value);
        },
        (error) => {
          this.#failed(key, compute, error);
          reject(error);
        },
      );
    });
  }

  #computed(key: K, compute: Compute<V>, value: V): void {
    if (this.#computes.get(key) === compute) this.store(key, value);
    compute.waiters.drain((waiter) => ready(waiter, value));
  }

  #failed(key: K, compute: Compute<V>, error: unknown): void {
    if (this.#computes.get(key) === compute) this.#computes.delete(key);
    compute.waiters.drain((waiter) => fail(waiter, error));
  }
}
