import { syncError } from "../misuse.js";
import { type Entry, granted, instrument, type WaitOptions } from "../runtime/index.js";
import { expectHandle, type SharedHandle } from "./handle.js";
import { STATE } from "./layout.js";
import type { Line } from "./line.js";
import { type SharedOptions, SharedResource } from "./resource.js";
import { SharedWaiter, type Turn } from "./turn.js";

/** How many permits there are. */
const SIZE = STATE + 1;
const MOST = 2 ** 31 - 1;

const shape = { kind: "SharedSemaphore", lines: ["chain", "single"] } as const;

/** Says how many it waits for in the word that the instrument asks for. */
class PermitWaiter<T> extends SharedWaiter<T> {
  get permits(): number {
    return this.want;
  }
}

/**
 * So many permits for all threads together (x/sync's `semaphore.Weighted`). First come, first served,
 * whatever each asks for: a large request holds up the small ones behind it and is not starved by them.
 * One that asks for more than there are holds up nobody and waits for its signal.
 *
 * Permits of a thread that ends are given back. They are counted where they are acquired; what one thread
 * acquires and another releases comes off the account of the first.
 */
export class SharedSemaphore extends SharedResource {
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #line: Line;
  /** Those who ask for more than there are. */
  readonly #tooLarge: Line;

  /** @param size how many permits there are */
  constructor(size: number, options?: SharedOptions);
  /** @internal */
  constructor(size: number | undefined, options: SharedOptions | undefined, handle: SharedHandle);
  constructor(size = 0, options?: SharedOptions, handle?: SharedHandle) {
    super(shape, options, handle);
    this.#words = this.words;
    this.#line = this.lines[0]!;
    this.#tooLarge = this.lines[1]!;
    if (handle !== undefined) return;
    if (!(Number.isInteger(size) && size >= 0 && size <= MOST)) {
      throw new RangeError(`SharedSemaphore: size ${size}`);
    }
    this.#words[STATE] = size;
    this.#words[SIZE] = size;
  }

  /** The semaphore of another thread. @throws {SyncError} `wrong-handle` */
  static from(handle: SharedHandle): SharedSemaphore {
    return new SharedSemaphore(undefined, undefined, expectHandle(handle, shape.kind));
  }

  /** @internal */
  get kind(): string {
    return shape.kind;
  }

  /** How many permits there are, held or not. */
  get size(): number {
    return this.#words[SIZE]!;
  }

  /** How many permits nobody holds. */
  get available(): number {
    return Atomics.load(this.#words, STATE);
  }

  /** How many tasks and blocked threads wait, in all threads. */
  get waiters(): number {
    return this.#line.length;
  }

  /** Acquires `n` permits, after those who asked before. */
  acquire(n = 1, options?: WaitOptions): Promise<void> {
    check(n);
    const signal = options?.signal;
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.#try(n, SharedSemaphore.prototype.acquire)) return granted;
    const waiter = this.#waiter<void>(n);
    return waiter.line.park(waiter, signal, SharedSemaphore.prototype.acquire);
  }

  /** As {@link acquire}, but blocks the thread; false when `timeoutMs` have passed. */
  acquireSync(n = 1, timeoutMs?: number): boolean {
    check(n);
    const entry = SharedSemaphore.prototype.acquireSync;
    if (this.#try(n, entry)) return true;
    const turn = this.#waiter(n);
    return turn.line.block(turn, timeoutMs ?? Number.POSITIVE_INFINITY, entry);
  }

  /** Acquires `n` permits if that many are free and nobody waits; never waits. */
  tryAcquire(n = 1): boolean {
    check(n);
    const entry = SharedSemaphore.prototype.tryAcquire;
    const got = this.#try(n, entry);
    if (!got && instrument !== null) instrument.event("acquireFailed", this, n, entry);
    return got;
  }

  /**
   * Gives `n` permits back.
   *
   * @throws {SyncError} `semaphore: released more than held`
   */
  release(n = 1): void {
    check(n);
    const words = this.#words;
    const own = Math.min(this.#line.held, n);
    const { heldAt } = this.#line;
    for (;;) {
      const old = Atomics.load(words, STATE);
      if (n > this.size - old) {
        throw syncError("semaphore-over-release", "semaphore: released more than held", this);
      }
      if (Atomics.compareExchange(words, STATE, old, old + n) !== old) continue;
      if (own > 0) words[heldAt]! -= own;
      break;
    }
    if (own < n) this.#line.spend(n - own);
    this.#line.unsecure();
    if (instrument !== null) instrument.event("release", this, n, SharedSemaphore.prototype.release);
    this.wake();
  }

  /** @internal */
  claim(turn: Turn): boolean {
    return turn.line === this.#line && this.#line.isFirst && this.#take(turn.want);
  }

  /** @internal */
  override wake(): void {
    this.#line.callFirst();
  }

  /** @internal */
  override bury(_countAt: number, heldAt: number, spentAt: number): void {
    const words = this.#words;
    const held = words[heldAt]! - Atomics.load(words, spentAt);
    for (;;) {
      const old = Atomics.load(words, STATE);
      const count = Math.min(held, this.size - old);
      if (count <= 0) return;
      if (Atomics.compareExchange(words, STATE, old, old + count) !== old) continue;
      words[heldAt] = 0;
      if (instrument !== null) instrument.event("recovered", this, count, SharedSemaphore);
      return;
    }
  }

  #waiter<T>(n: number): PermitWaiter<T> {
    return new PermitWaiter<T>(this, "acquire", n > this.size ? this.#tooLarge : this.#line, n);
  }

  #try(n: number, entry: Entry): boolean {
    this.lookAround();
    if (this.#line.awaited || !this.#take(n)) return false;
    if (instrument !== null) instrument.event("acquire", this, n, entry);
    return true;
  }

  #take(n: number): boolean {
    const words = this.#words;
    if (Atomics.load(words, STATE) < n) return false;
    this.#line.secure();
    const { heldAt } = this.#line;
    for (;;) {
      const old = Atomics.load(words, STATE);
      if (old < n) {
        this.#line.unsecure();
        return false;
      }
      if (Atomics.compareExchange(words, STATE, old, old - n) !== old) continue;
      words[heldAt]! += n;
      return true;
    }
  }
}

function check(n: number): void {
  if (!(Number.isInteger(n) && n >= 0)) throw new RangeError(`SharedSemaphore: ${n} permits`);
}
