import { syncError } from "../misuse.js";
import {
  fail,
  instrument,
  type Named,
  park,
  Resource,
  ready,
  runThen,
  Waiter,
  type WaitOptions,
  WaitQueue,
} from "../runtime/index.js";

/** Somebody in the same round of a barrier has given up, or its action failed, or it was reset. */
export class BrokenBarrierError extends Error {
  static {
    BrokenBarrierError.prototype.name = "BrokenBarrierError";
  }

  constructor() {
    super("broken barrier");
  }
}

/** One round: from the first arrival to the last. Who waits belongs to his round, whatever the barrier does next. */
class Round {
  arrived = 0;
  state: "open" | "tripped" | "broken" = "open";
  readonly waiters = new WaitQueue<Arrival>();

  /** All who wait for it fail, and whoever arrives at it. One that has tripped cannot break any more. */
  break(): void {
    if (this.state !== "open") return;
    this.state = "broken";
    this.waiters.drain((arrival) => fail(arrival, new BrokenBarrierError()));
  }

  trip(): void {
    this.state = "tripped";
    this.waiters.drain((arrival) => ready(arrival, arrival.index));
  }
}

/** Somebody who waits for the others. */
class Arrival extends Waiter<number> {
  constructor(
    barrier: Resource,
    readonly round: Round,
    readonly index: number,
  ) {
    super(barrier, "wait");
  }

  /** Without him the others would wait for ever. */
  override leave(): void {
    super.leave();
    this.round.break();
  }
}

/**
 * A place where a number of tasks wait for each other, again and again (marusama's `cyclicbarrier`, after
 * Java's).
 *
 * The last one of a round lets all go on, and a new round begins. If one of them gives up, the round
 * breaks: all of it fail, and so does everybody who comes, until {@link CyclicBarrier.reset}.
 */
export class CyclicBarrier extends Resource {
  /** How many must arrive. */
  readonly parties: number;
  readonly #action: (() => unknown) | undefined;
  #round = new Round();

  /**
   * @param action what the last one to arrive does before anybody goes on
   * @throws {SyncError} `parties must be positive number`: not a whole number from one on
   */
  constructor(parties: number, action?: () => unknown, options?: Named) {
    if (!Number.isSafeInteger(parties) || parties < 1) {
      throw syncError("barrier-parties", "parties must be positive number");
    }
    super(options);
    this.parties = parties;
    this.#action = action;
  }

  /** @internal */
  get kind(): string {
    return "CyclicBarrier";
  }

  /** How many have arrived in this round. */
  get waiting(): number {
    return this.#round.state === "open" ? this.#round.arrived : 0;
  }

  get broken(): boolean {
    return this.#round.state === "broken";
  }

  /**
   * Waits for the others. Resolves with the arrival index, parties-1 for the first and 0 for the last.
   *
   * When a waiter's signal aborts, his round breaks, and no other. The signal of the last one does not
   * count any more while he runs the action. A signal that has aborted before breaks nothing.
   *
   * @throws {BrokenBarrierError} (as a rejection)
   * @throws what the action threw (as a rejection), for him who ran it; the others get the former
   * @throws {SyncError} (as a rejection) `CyclicBarrier.Await is called more than count of parties`: all
   * have arrived, and the action is still running
   */
  wait(options?: WaitOptions): Promise<number> {
    const signal = options?.signal;
    if (signal?.aborted) return Promise.reject(signal.reason);
    const round = this.#round;
    if (round.state === "broken") return Promise.reject(new BrokenBarrierError());
    if (round.arrived === this.parties) {
      const text = "CyclicBarrier.Await is called more than count of parties";
      return Promise.reject(syncError("barrier-overrun", text, this));
    }
    const index = this.parties - ++round.arrived;
    if (index === 0) return this.#complete(round);
    const waiter = new Arrival(this, round, index);
    round.waiters.push(waiter);
    return park(waiter, signal, CyclicBarrier.prototype.wait);
  }

  /** Breaks the current round, if anybody is in it, and begins a new one. */
  reset(): void {
    const round = this.#round;
    this.#round = new Round();
    round.break();
  }

  /** All are here. */
  #complete(round: Round): Promise<number> {
    if (instrument !== null) instrument.event("wait", this, 0, CyclicBarrier.prototype.wait);
    // An action that ends at once leaves no gap in which somebody could come too early for the next round.
    return new Promise((resolve, reject) => {
      runThen(
        () => this.#action?.(),
        () => {
          if (round.state === "broken") return reject(new BrokenBarrierError());
          this.#round = new Round();
          round.trip();
          resolve(0);
        },
        (error) => {
          round.break();
          reject(error);
        },
      );
    });
  }
}
