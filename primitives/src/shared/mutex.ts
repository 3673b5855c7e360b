import { type Guard, HeldGuard } from "../guard.js";
import type { Locker } from "../locker.js";
import { misuse } from "../misuse.js";
import { type Entry, granted, instrument, type WaitOptions } from "../runtime/index.js";
import { expectHandle, type SharedHandle } from "./handle.js";
import { STATE } from "./layout.js";
import type { Line } from "./line.js";
import { OwnerDied } from "./misuse.js";
import { type SharedOptions, SharedResource } from "./resource.js";
import { SharedWaiter, type Turn } from "./turn.js";

/** The bits of the state. */
const LOCKED = 1;
const WOKEN = 2;
const STARVING = 4;
const DIED = 8;
const OWNER_SHIFT = 4;
const OWNER = 511 << OWNER_SHIFT;
const WAITER_SHIFT = 13;
const WAITER = 1 << WAITER_SHIFT;
const MOST_WAITERS = 2 ** 19 - 1;

/** Who has waited longer than this asks that the lock be handed to him. */
const STARVING_AFTER_MS = 1;
/** How often a newcomer looks whether a lock gets free before he goes in line, and how long each time. */
const SPINS = 4;
const SPIN_LOADS = 30;

const shape = { kind: "SharedMutex", lines: ["single"] } as const;

/**
 * Mutual exclusion between threads: tasks that await it and workers that block on it, in one queue (Go's
 * `sync.Mutex`, by Go's algorithm). Not re-entrant; any thread may unlock what another one locked.
 *
 * The state word:
 *
 * | 0 locked | 1 woken | 2 starving | 3 owner died | 4 - 12 the thread that holds it | 13 - 31 waiters |
 *
 * - *Normal mode.* `unlock` frees the lock and wakes the first in line, who competes with newcomers: they
 *   run already, and to hand the lock to a sleeper costs a thousand times what a section does. The woken
 *   bit says that somebody is on his way, so that no second one is woken. A newcomer spins for a moment
 *   before he goes in line. A waiter who loses keeps his place: he was first, and stays it.
 * - *Starvation mode.* Who has waited for more than a millisecond sets the starving bit: then newcomers
 *   go in line without trying, and `unlock` leaves the lock to the first. The mode ends with a waiter
 *   who is the last in line or has waited for less.
 *
 * **A thread that ends while it holds the lock** (killed, crashed or careless) does not take it along.
 * Once its end is noticed (see {@link watchWorker}), the first in line gets the lock, and with it a
 * `SyncError` with the code `owner-died`: `lock`, `lockSync` and `tryLock` throw it *and hold the lock*.
 * Put right what it protects, then unlock as usual. `withLock` and `acquire`, who leave no lock behind
 * when they throw, pass it on unused, and the next one is told again.
 *
 * ```ts
 * await mu.lock().catch((error) => {
 *   if (error.code !== "owner-died") throw error;
 *   repair();
 * });
 * ```
 */
export class SharedMutex extends SharedResource implements Locker {
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #line: Line;
  /** The state when this thread holds it and nobody waits. */
  readonly #mine: number;

  constructor(options?: SharedOptions);
  /** @internal */
  constructor(options: SharedOptions | undefined, handle: SharedHandle);
  constructor(options?: SharedOptions, handle?: SharedHandle) {
    super(shape, options, handle);
    this.#words = this.words;
    this.#line = this.lines[0]!;
    this.#mine = LOCKED | (this.member() << OWNER_SHIFT);
  }

  /** The mutex of another thread. @throws {SyncError} `wrong-handle` */
  static from(handle: SharedHandle): SharedMutex {
    return new SharedMutex(undefined, expectHandle(handle, shape.kind));
  }

  /** @internal */
  get kind(): string {
    return shape.kind;
  }

  /**
   * Locks the mutex.
   *
   * @throws `signal.reason` (as a rejection) when the signal aborts first, or has aborted: then nothing is held.
   * @throws {SyncError} `owner-died`: then it is held.
   */
  lock(options?: WaitOptions): Promise<void> {
    if (options === undefined && instrument === null) {
      if (Atomics.compareExchange(this.#words, STATE, 0, this.#mine) === 0) return granted;
    }
    return this.#lock(options, SharedMutex.prototype.lock);
  }

  /**
   * Locks the mutex, and blocks the thread as long as it takes. Not for a browser's main thread.
   *
   * @param timeoutMs how long it may take; for ever unless told
   * @returns false when time was up
   * @throws {SyncError} `owner-died`: then it is held.
   */
  lockSync(timeoutMs?: number): boolean {
    if (instrument === null && Atomics.compareExchange(this.#words, STATE, 0, this.#mine) === 0) return true;
    return this.#lockSync(timeoutMs ?? Number.POSITIVE_INFINITY);
  }

  /** Locks the mutex if it is free and nobody starves for it; never waits. */
  tryLock(): boolean {
    if (instrument === null && Atomics.compareExchange(this.#words, STATE, 0, this.#mine) === 0) return true;
    return this.#tryLock();
  }

  /**
   * Unlocks the mutex.
   *
   * @throws {SyncError} `sync: unlock of unlocked mutex`
   */
  unlock(): void {
    const mine = this.#mine;
    if (instrument === null && Atomics.compareExchange(this.#words, STATE, mine, 0) === mine) return;
    this.#unlock(SharedMutex.prototype.unlock);
  }

  /** `using guard = await mu.acquire()`: locks, and unlocks at the end of the block however it is left. */
  acquire(options?: WaitOptions): Promise<Guard> {
    return this.#hold(options, SharedMutex.prototype.acquire).then(
      () => new HeldGuard((entry) => this.#unlock(entry)),
    );
  }

  /** Runs `fn` with the mutex locked; unlocks when it has ended, whether it returned or threw. */
  async withLock<T>(fn: () => T | PromiseLike<T>, options?: WaitOptions): Promise<T> {
    await this.#hold(options, SharedMutex.prototype.withLock);
    try {
      return await fn();
    } finally {
      this.#unlock(SharedMutex.prototype.withLock);
    }
  }

  get locked(): boolean {
    return (Atomics.load(this.#words, STATE) & LOCKED) !== 0;
  }

  /** Somebody is on his way to compete for the lock: `unlock` wakes nobody else. */
  get woken(): boolean {
    return (Atomics.load(this.#words, STATE) & WOKEN) !== 0;
  }

  /** Somebody has waited for too long: the lock is handed from one to the next in line. */
  get starving(): boolean {
    return (Atomics.load(this.#words, STATE) & STARVING) !== 0;
  }

  /** How many tasks and blocked threads wait in line, in all threads. */
  get waiters(): number {
    return Atomics.load(this.#words, STATE) >>> WAITER_SHIFT;
  }

  /** @internal */
  claim(turn: Turn): boolean {
    const words = this.#words;
    const { countAt } = this.#line;
    const starves = performance.now() - turn.since > STARVING_AFTER_MS;
    for (;;) {
      const old = Atomics.load(words, STATE);
      if ((old & LOCKED) !== 0) {
        // Awake for nothing: from here on, unlock has to wake again.
        const next = (old & ~WOKEN) | (starves ? STARVING : 0);
        if (next === old || Atomics.compareExchange(words, STATE, old, next) === old) return false;
        continue;
      }
      if ((old & STARVING) !== 0 && !this.#line.isFirst) return false;
      let next = ((old & ~(WOKEN | DIED)) | this.#mine) - WAITER;
      if (!starves || next >>> WAITER_SHIFT === 0) next &= ~STARVING;
      if (Atomics.compareExchange(words, STATE, old, next) !== old) continue;
      words[countAt]!--;
      if ((old & DIED) !== 0) turn.error = new OwnerDied(this);
      return true;
    }
  }

  /** @internal */
  override wake(): void {
    // Whoever was on his way has left perhaps, or died.
    const old = Atomics.and(this.#words, STATE, ~WOKEN);
    if ((old & LOCKED) === 0 && old >>> WAITER_SHIFT > 0) this.#line.callFirst();
  }

  /** @internal */
  override enlist(): void {
    const { countAt } = this.#line;
    if (this.waiters === MOST_WAITERS) throw new RangeError(`${this.name}: ${MOST_WAITERS} wait already`);
    Atomics.add(this.#words, STATE, WAITER);
    this.#words[countAt]!++;
  }

  /** @internal */
  override delist(): boolean {
    this.#removeWaiters(1, this.#line.countAt);
    return false;
  }

  /** @internal */
  override bury(countAt: number): void {
    this.#removeWaiters(this.#words[countAt]!, countAt);
  }

  /** @internal */
  protected override recover(member: number): void {
    const owned = LOCKED | (member << OWNER_SHIFT);
    if ((Atomics.load(this.#words, STATE) & (LOCKED | OWNER)) !== owned) return;
    Atomics.or(this.#words, STATE, DIED);
    if (instrument !== null) instrument.event("recovered", this, 1, SharedMutex);
    this.#free();
  }

  #lock(options: WaitOptions | undefined, entry: Entry): Promise<void> {
    const signal = options?.signal;
    if (signal?.aborted) return Promise.reject(signal.reason);
    this.lookAround();
    const died = this.#compete();
    if (died === undefined)
      return this.#line.park(new SharedWaiter<void>(this, "lock", this.#line), signal, entry);
    if (instrument !== null) instrument.event("lock", this, 0, entry);
    return died === null ? granted : Promise.reject(died);
  }

  #lockSync(timeoutMs: number): boolean {
    this.lookAround();
    const entry = SharedMutex.prototype.lockSync;
    const died = this.#compete();
    if (died === undefined) return this.#block(timeoutMs, entry);
    if (instrument !== null) instrument.event("lock", this, 0, entry);
    if (died !== null) throw died;
    return true;
  }

  #block(timeoutMs: number, entry: Entry): boolean {
    const turn = new SharedWaiter<never>(this, "lock", this.#line);
    const got = this.#line.block(turn, timeoutMs, entry);
    if (turn.error !== undefined) throw turn.error;
    return got;
  }

  #tryLock(): boolean {
    this.lookAround();
    const died = this.#take();
    if (instrument !== null) {
      instrument.event(died === undefined ? "lockFailed" : "lock", this, 0, SharedMutex.prototype.tryLock);
    }
    if (died) throw died;
    return died === null;
  }

  /** As {@link #lock}, but holds nothing when it rejects. */
  #hold(options: WaitOptions | undefined, entry: Entry): Promise<void> {
    return this.#lock(options, entry).catch((error: unknown) => {
      if (error instanceof OwnerDied && error.of === this) {
        Atomics.or(this.#words, STATE, DIED);
        this.#unlock(entry);
      }
      throw error;
    });
  }

  /** Takes the lock if it is to be had: null, or what there is to be told; undefined if not. */
  #take(): OwnerDied | null | undefined {
    const words = this.#words;
    for (;;) {
      const old = Atomics.load(words, STATE);
      if ((old & (LOCKED | STARVING)) !== 0) return undefined;
      if (Atomics.compareExchange(words, STATE, old, (old | this.#mine) & ~DIED) !== old) continue;
      return (old & DIED) === 0 ? null : new OwnerDied(this);
    }
  }

  /** As {@link #take}, but looks for a while: whoever holds it may be about to unlock. */
  #compete(): OwnerDied | null | undefined {
    const words = this.#words;
    for (let spin = 0; ; spin++) {
      const taken = this.#take();
      if (taken !== undefined) return taken;
      const old = Atomics.load(words, STATE);
      if (spin === SPINS || (old & STARVING) !== 0) break;
      // As long as we are awake and look, nobody else need be woken.
      if (old >>> WAITER_SHIFT > 0 && (old & WOKEN) === 0) {
        Atomics.compareExchange(words, STATE, old, old | WOKEN);
      }
      for (let load = 0; load < SPIN_LOADS && (Atomics.load(words, STATE) & LOCKED) !== 0; load++);
    }
    // If somebody has relied on us in the meantime, we see it when we are in line and look again.
    Atomics.and(words, STATE, ~WOKEN);
    return undefined;
  }

  #unlock(entry: Entry): void {
    if (!this.locked) throw misuse("mutexUnlock", this);
    if (instrument !== null) instrument.event("unlock", this, 0, entry);
    this.#free();
  }

  #free(): void {
    const words = this.#words;
    for (;;) {
      const old = Atomics.load(words, STATE);
      const alone = old >>> WAITER_SHIFT === 0;
      const next = alone ? old & DIED : (old & ~(LOCKED | OWNER)) | ((old & STARVING) === 0 ? WOKEN : 0);
      if (Atomics.compareExchange(words, STATE, old, next) !== old) continue;
      if (!alone && ((old & WOKEN) === 0 || (old & STARVING) !== 0)) this.#line.callFirst();
      return;
    }
  }

  /** Together with the word in which their thread counts them. */
  #removeWaiters(count: number, countAt: number): void {
    const words = this.#words;
    for (;;) {
      const old = Atomics.load(words, STATE);
      let next = (old & ~WOKEN) - count * WAITER;
      if (next >>> WAITER_SHIFT === 0) next &= ~STARVING;
      if (Atomics.compareExchange(words, STATE, old, next) !== old) continue;
      words[countAt]! -= count;
      return;
    }
  }
}
