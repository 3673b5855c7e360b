import { syncError } from "./misuse.js";
import {
  granted,
  instrument,
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

const REENTRANT = "sync: Once.Do is called by the function that it runs";

/** Runs one function once, however many ask for it (Go's `sync.Once`). */
export class Once extends Resource {
  #state: "new" | "running" | "done" = "new";
  readonly #waiters = new WaitQueue<Waiter>();

  /** @internal */
  get kind(): string {
    return "Once";
  }

  /**
   * The first call runs `fn`, within the call; the others wait until it has ended, whatever function they
   * bring. A function that throws has run: its error goes to the first caller, and nobody runs it again.
   *
   * The signal ends the wait of those who wait. Whoever runs the function stays with it: pass the signal
   * on to it.
   *
   * @throws {SyncError} `sync: Once.Do is called by the function that it runs` (as a rejection), where Go
   * would wait for ever. Seen on the same stack always, after an `await` only by a task whose identity is
   * known (see `currentTask`).
   */
  do(fn: () => unknown, options?: WaitOptions): Promise<void> {
    const signal = options?.signal;
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.#state === "new") return this.#run(fn);
    if (this.#state === "done") {
      if (instrument !== null) instrument.event("wait", this, 0, Once.prototype.do);
      return granted;
    }
    if (isInside(this)) return Promise.reject(syncError("once-reentrant", REENTRANT, this));
    const waiter = new Waiter(this, "wait");
    this.#waiters.push(waiter);
    return park(waiter, signal, Once.prototype.do);
  }

  #run(fn: () => unknown): Promise<void> {
    this.#state = "running";
    return new Promise((resolve, reject) => {
      runThen(
        () => runInside(this, fn),
        () => {
          this.#finish();
          resolve();
        },
        (error) => {
          this.#finish();
          reject(error);
        },
      );
    });
  }

  /** Only now: who asks while the function runs must not go on before it has ended. */
  #finish(): void {
    this.#state = "done";
    this.#waiters.drain((waiter) => ready(waiter, undefined));
  }
}
