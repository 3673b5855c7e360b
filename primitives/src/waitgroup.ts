import { misuse } from "./misuse.js";
import {
  type Entry,
  granted,
  instrument,
  parkUntilReady,
  Resource,
  ready,
  spawn,
  type Task,
  Waiter,
  type WaitOptions,
  WaitQueue,
} from "./runtime/index.js";

/**
 * Waits for a number of tasks to end (Go's `sync.WaitGroup`). `add` before the task starts, `done` as
 * its last act, `wait` wherever all must have ended; `go` does the first two.
 */
export class WaitGroup extends Resource {
  #count = 0;
  readonly #waiters = new WaitQueue<Waiter>();
  /** How many were released by the last zero and have not gone on yet. */
  #returning = 0;

  /** @internal */
  get kind(): string {
    return "WaitGroup";
  }

  /**
   * Adds `delta`, which may be negative, to the counter. At zero all who wait go on.
   *
   * @throws {SyncError} `sync: negative WaitGroup counter`
   * @throws {SyncError} `sync: WaitGroup is reused before previous Wait has returned`: a new round
   * begins while some who waited for the last one have yet to go on. Go finds that out in their
   * `Wait`; here the `add` that comes too early is the one that fails, and it adds nothing.
   */
  add(delta: number): void {
    this.#add(delta, WaitGroup.prototype.add);
  }

  /** One less: `add(-1)`. */
  done(): void {
    this.#add(-1, WaitGroup.prototype.done);
  }

  /** Waits until the counter is zero. */
  wait(options?: WaitOptions): Promise<void> {
    const signal = options?.signal;
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.#count === 0) {
      if (instrument !== null) instrument.event("wait", this, 0, WaitGroup.prototype.wait);
      return granted;
    }
    const waiter = new Waiter(this, "wait");
    this.#waiters.push(waiter);
    return parkUntilReady(waiter, signal, WaitGroup.prototype.wait);
  }

  /** `add(1)`, runs `fn` as a task, `done()` when it ends, whether it returned or threw. */
  go(fn: () => unknown): Task {
    const entry = WaitGroup.prototype.go;
    this.#add(1, entry);
    const counted = async () => {
      try {
        return await fn();
      } finally {
        this.#add(-1, entry);
      }
    };
    return spawn(counted, { name: fn.name }, entry);
  }

  /** What is left to be done. */
  get count(): number {
    return this.#count;
  }

  #add(delta: number, entry: Entry): void {
    const count = this.#count + delta;
    if (!Number.isSafeInteger(count)) throw new RangeError(`WaitGroup.add: not a whole number: ${delta}`);
    if (count < 0) throw misuse("negativeCounter", this);
    if (this.#count === 0 && count > 0 && this.#returning > 0) throw misuse("waitGroupReuse", this);
    if (instrument !== null) instrument.event("add", this, delta, entry);
    this.#count = count;
    if (count > 0) return;
    this.#waiters.drain((waiter) => {
      this.#returning++;
      // Queued before what `ready` queues, so it runs just before this waiter goes on.
      granted.then(() => this.#returning--);
      ready(waiter, undefined);
    });
  }
}
