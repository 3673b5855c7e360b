import { syncError } from "../misuse.js";
import {
  type Entry,
  granted,
  instrument,
  type Named,
  parkUntilReady,
  Resource,
  ready,
  Waiter,
  type WaitOptions,
  WaitQueue,
} from "../runtime/index.js";

/** Somebody who waits for so many permits; for one it is a plain {@link Waiter}, which is cheaper to make. */
export class PermitWaiter extends Waiter {
  constructor(
    semaphore: Resource,
    readonly permits: number,
  ) {
    super(semaphore, "acquire");
  }
}

/** How many permits `waiter` waits for. Not by its class: the instrument has another copy of that. */
export function permitsOf(waiter: object): number {
  return (waiter as Partial<PermitWaiter>).permits ?? 1;
}

/**
 * A number of permits that tasks share (Go's `semaphore.Weighted`).
 *
 * Permits are given out in the order in which they were asked for: whoever asks for few waits behind
 * one who asked for many, or the latter would starve.
 */
export class Semaphore extends Resource {
  /** How many permits there are. */
  readonly size: number;
  #free: number;
  readonly #queue = new WaitQueue<Waiter>();

  /** @throws {RangeError} unless `size` is a whole number from zero on */
  constructor(size: number, options?: Named) {
    if (!isCount(size)) throw new RangeError(`Semaphore: not a number of permits: ${size}`);
    super(options);
    this.size = size;
    this.#free = size;
  }

  /** @internal */
  get kind(): string {
    return "Semaphore";
  }

  /** @internal What the trace calls it. */
  get capacity(): number {
    return this.size;
  }

  /** How many permits nobody has. */
  get available(): number {
    return this.#free;
  }

  /** How many wait in line. */
  get waiters(): number {
    return this.#queue.length;
  }

  /**
   * Takes `n` permits, after those who asked before. Who asks for more than there are waits until his
   * signal aborts, and is in nobody's way.
   *
   * @throws `signal.reason` (as a rejection) when the signal has aborted, at the latest by the time the caller
   * would go on: then it has taken nothing
   * @throws {RangeError} (as a rejection) unless `n` is a whole number from zero on
   */
  acquire(n = 1, options?: WaitOptions): Promise<void> {
    if (n !== 1 || options !== undefined || instrument !== null) {
      return this.#acquire(n, options, Semaphore.prototype.acquire);
    }
    if (!this.#fits(1)) return this.#wait(1, undefined, Semaphore.prototype.acquire);
    this.#free--;
    return granted;
  }

  /** Takes `n` permits if that needs no waiting: if they are there and nobody is in line. */
  tryAcquire(n = 1): boolean {
    const fits = isCount(n) && this.#fits(n);
    if (instrument !== null) {
      instrument.event(fits ? "acquire" : "acquireFailed", this, n, Semaphore.prototype.tryAcquire);
    }
    if (fits) this.#free -= n;
    return fits;
  }

  /**
   * Gives back `n` permits. Whoever can go on with what is there now does so after the current
   * synchronous stretch, in order of arrival.
   *
   * @throws {SyncError} `semaphore: released more than held`
   */
  release(n = 1): void {
    if (n === 1 && instrument === null && this.#free < this.size) {
      this.#free++;
      if (!this.#queue.empty) this.#admit();
    } else this.#release(n, Semaphore.prototype.release);
  }

  /** Runs `fn` with `n` permits; gives them back when it has ended, whether it returned or threw. */
  async withPermit<T>(fn: () => T | PromiseLike<T>, n = 1, options?: WaitOptions): Promise<T> {
    await this.#acquire(n, options, Semaphore.prototype.withPermit);
    try {
      return await fn();
    } finally {
      this.#release(n, Semaphore.prototype.withPermit);
    }
  }

  /** @internal The first in line may have been the one who wanted too much. */
  override waiterLeft(): void {
    this.#admit();
  }

  #fits(n: number): boolean {
    return n <= this.#free && this.#queue.empty;
  }

  #acquire(n: number, options: WaitOptions | undefined, entry: Entry): Promise<void> {
    const signal = options?.signal;
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (!isCount(n)) return Promise.reject(new RangeError(`Semaphore: not a number of permits: ${n}`));
    if (this.#fits(n)) {
      this.#free -= n;
      if (instrument !== null) instrument.event("acquire", this, n, entry);
      return granted;
    }
    if (signal === undefined) return this.#wait(n, undefined, entry);
    return this.#wait(n, signal, entry).then(() => {
      // As Go since issue 63615: an end that came between the grant and this moment counts.
      if (!signal.aborted) return;
      this.#release(n, entry);
      throw signal.reason;
    });
  }

  #wait(n: number, signal: AbortSignal | undefined, entry: Entry): Promise<void> {
    const waiter = n === 1 ? new Waiter(this, "acquire") : new PermitWaiter(this, n);
    if (n <= this.size) this.#queue.push(waiter);
    return parkUntilReady(waiter, signal, entry);
  }

  #release(n: number, entry: Entry): void {
    const free = this.#free + n;
    if (free > this.size || !isCount(n)) {
      throw syncError("semaphore-over-release", "semaphore: released more than held", this);
    }
    if (instrument !== null) instrument.event("release", this, n, entry);
    this.#free = free;
    this.#admit();
  }

  /** Lets those go on for whom there is enough, up to the first for whom there is not. */
  #admit(): void {
    for (let first = this.#queue.peek(); first !== null; first = this.#queue.peek()) {
      const permits = permitsOf(first);
      if (permits > this.#free) return;
      this.#queue.remove(first);
      this.#free -= permits;
      ready(first, undefined);
    }
  }
}

function isCount(n: number): boolean {
  return Number.isSafeInteger(n) && n >= 0;
}
