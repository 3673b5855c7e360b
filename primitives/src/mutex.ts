import { type Guard, HeldGuard } from "./guard.js";
import type { Locker } from "./locker.js";
import { misuse } from "./misuse.js";
import {
  type Entry,
  granted,
  instrument,
  parkUntilReady,
  Resource,
  ready,
  Waiter,
  type WaitOptions,
  WaitQueue,
} from "./runtime/index.js";

/**
 * Mutual exclusion between tasks (Go's `sync.Mutex`). Not re-entrant: a task that locks again what it
 * holds waits for itself.
 *
 * How it works. Go's mutex lets newcomers overtake the woken waiter, because on a processor that spares
 * a context switch, and changes to direct hand-off ("starvation mode") once somebody has waited for a
 * millisecond. In one thread there is no switch to spare: measured, hand-off is both faster and fair.
 * So here the mutex is handed from `unlock` to the first in line, always:
 *
 * | state   | `#held` | queue    | lock()         | unlock()                         |
 * |---------|---------|----------|----------------|----------------------------------|
 * | free    | false   | empty    | takes it       | SyncError                        |
 * | held    | true    | empty    | goes in line   | free                             |
 * | awaited | true    | waiters  | goes in line   | first in line owns it; `#held` stays |
 *
 * `#held` never turns false while somebody waits, so nobody can slip in between `unlock` and the
 * moment the new owner's code runs.
 */
export class Mutex extends Resource implements Locker {
  #held = false;
  readonly #queue = new WaitQueue<Waiter>();

  /** @internal */
  get kind(): string {
    return "Mutex";
  }

  /**
   * Locks the mutex, after those who asked before.
   *
   * @throws `signal.reason` (as a rejection) when the signal aborts first, or has aborted: then nothing is held.
   */
  lock(options?: WaitOptions): Promise<void> {
    if (options !== undefined || instrument !== null) return this.#lock(options, Mutex.prototype.lock);
    if (this.#held) return this.#wait(undefined, Mutex.prototype.lock);
    this.#held = true;
    return granted;
  }

  /** Locks the mutex if it is free; never waits. Whoever ignores the result does not know what he holds. */
  tryLock(): boolean {
    if (instrument !== null) {
      instrument.event(this.#held ? "lockFailed" : "lock", this, 0, Mutex.prototype.tryLock);
    }
    if (this.#held) return false;
    this.#held = true;
    return true;
  }

  /**
   * Unlocks the mutex and hands it to the first in line, whose code runs after the current synchronous stretch.
   *
   * @throws {SyncError} `sync: unlock of unlocked mutex`
   */
  unlock(): void {
    if (instrument === null && this.#held) this.#handOff();
    else this.#unlock(Mutex.prototype.unlock);
  }

  /** `using guard = await mu.acquire()`: locks, and unlocks at the end of the block however it is left. */
  acquire(options?: WaitOptions): Promise<Guard> {
    return this.#lock(options, Mutex.prototype.acquire).then(
      () => new HeldGuard((entry) => this.#unlock(entry)),
    );
  }

  /** Runs `fn` with the mutex locked; unlocks when it has ended, whether it returned or threw. */
  async withLock<T>(fn: () => T | PromiseLike<T>, options?: WaitOptions): Promise<T> {
    await this.#lock(options, Mutex.prototype.withLock);
    try {
      return await fn();
    } finally {
      this.#unlock(Mutex.prototype.withLock);
    }
  }

  get locked(): boolean {
    return this.#held;
  }

  /**
   * Go's bit for "a woken waiter is competing for the lock, wake no second one". Under hand-off a woken
   * waiter owns the lock already and competes with nobody, so it is never set; see `SharedMutex`.
   */
  get woken(): boolean {
    return false;
  }

  /**
   * Go's bit for direct hand-off: the lock goes to the first in line and newcomers queue behind. Here
   * that is so exactly while somebody waits.
   */
  get starving(): boolean {
    return this.#queue.length > 0;
  }

  /** How many wait in line. */
  get waiters(): number {
    return this.#queue.length;
  }

  #lock(options: WaitOptions | undefined, entry: Entry): Promise<void> {
    const signal = options?.signal;
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (!this.#held) {
      this.#held = true;
      if (instrument !== null) instrument.event("lock", this, 0, entry);
      return granted;
    }
    return this.#wait(signal, entry);
  }

  #wait(signal: AbortSignal | undefined, entry: Entry): Promise<void> {
    const waiter = new Waiter(this, "lock");
    this.#queue.push(waiter);
    return parkUntilReady(waiter, signal, entry);
  }

  #unlock(entry: Entry): void {
    if (!this.#held) throw misuse("mutexUnlock", this);
    if (instrument !== null) instrument.event("unlock", this, 0, entry);
    this.#handOff();
  }

  #handOff(): void {
    const next = this.#queue.shift();
    if (next === null) this.#held = false;
    else ready(next, undefined);
  }
}
