import type { Locker } from "./locker.js";
import {
  instrument,
  type Named,
  park,
  Resource,
  ready,
  Waiter,
  type WaitOptions,
  WaitQueue,
} from "./runtime/index.js";

/** Where one call of `wait` stands: in line from before the unlock on, parked only after it. */
class CondWaiter extends Waiter {
  parked = false;
  /** Its wake-up came before it was parked. */
  woken = false;
}

/**
 * A place to wait until somebody says that things have changed (Go's `sync.Cond`).
 *
 * ```ts
 * await mu.lock();
 * try {
 *   while (!condition()) await cond.wait();
 *   // the condition holds, and so does the lock
 * } finally {
 *   mu.unlock();
 * }
 * ```
 *
 * Waiters are woken in the order in which they came, each by one `signal` or by a `broadcast` that came
 * after it, and by nothing else. The loop is needed all the same: between the wake-up and the lock others
 * may have had their turn.
 *
 * Go's tickets are places in the queue here. The place is taken before the lock is given up, so that no
 * signal can fall in between.
 */
export class Cond extends Resource {
  /** Guards the condition: held by whoever waits or changes what is waited for. */
  readonly l: Locker;
  readonly #queue = new WaitQueue<CondWaiter>();

  /** @param l any locker: a Mutex, an RWMutex, its `rLocker()`, a SharedMutex */
  constructor(l: Locker, options?: Named) {
    super(options);
    this.l = l;
  }

  /** @internal */
  get kind(): string {
    return "Cond";
  }

  /**
   * Unlocks `l`, waits for a wake-up, and locks `l` again.
   *
   * However it ends, the caller holds `l` as he did before: when the signal aborts, the promise rejects
   * only once `l` is locked again (for which it waits as long as it takes), because the caller's `finally`
   * will unlock it. A waiter that was woken before its signal aborted returns as if it had not.
   *
   * @throws `signal.reason` (as a rejection) when the signal aborts first, or has aborted
   * @throws {SyncError} (as a rejection) what `l.unlock()` throws when `l` is not locked; then it stays so
   */
  wait(options?: WaitOptions): Promise<void> {
    const signal = options?.signal;
    if (signal?.aborted) return Promise.reject(signal.reason);
    const waiter = new CondWaiter(this, "wait");
    this.#queue.push(waiter);
    try {
      this.l.unlock();
    } catch (error) {
      waiter.leave();
      return Promise.reject(error);
    }
    // A locker made by others may have signalled or aborted from within its `unlock`.
    if (waiter.woken) return this.l.lock();
    if (signal?.aborted) {
      waiter.leave();
      return this.#relock(signal.reason);
    }
    waiter.parked = true;
    return park(waiter, signal, Cond.prototype.wait).then(
      () => this.l.lock(),
      (reason: unknown) => this.#relock(reason),
    );
  }

  /** Wakes the one that has waited longest, if any. Holding `l` is allowed but not required. */
  signal(): void {
    if (instrument !== null) instrument.event("signal", this, 0, Cond.prototype.signal);
    const next = this.#queue.shift();
    if (next !== null) this.#wake(next);
  }

  /** Wakes all who wait now; who begins to wait afterwards, be it at once, waits for the next time. */
  broadcast(): void {
    if (instrument !== null) instrument.event("broadcast", this, 0, Cond.prototype.broadcast);
    this.#queue.drain((waiter) => this.#wake(waiter));
  }

  /** How many wait to be woken. */
  get waiters(): number {
    return this.#queue.length;
  }

  #wake(waiter: CondWaiter): void {
    if (waiter.parked) ready(waiter, undefined);
    else waiter.woken = true;
  }

  async #relock(reason: unknown): Promise<never> {
    await this.l.lock();
    throw reason;
  }
}
