import { type Alarm, type OrderWatch, type Thresholds, type TraceStore, Watch } from "@lockscope/trace";

/** The detectors, at work on one trace while it arrives. */
export class Detectors {
  /** What they have found, in that order. */
  alarms: readonly Alarm[] = [];
  readonly #store: TraceStore;
  #thresholds: Thresholds;
  #watch: Watch;

  constructor(store: TraceStore, thresholds: Thresholds) {
    this.#store = store;
    this.#thresholds = thresholds;
    this.#watch = new Watch(thresholds);
    // They listen from their first look on: what has come by then they would have to go through once more.
    this.look(0);
  }

  /** The orders in which locks were taken so far. */
  get orders(): OrderWatch | undefined {
    return this.#watch.orders;
  }

  /** Others than before make them begin again from the trace's beginning. */
  set thresholds(thresholds: Thresholds) {
    const { heldMs, waitMs } = this.#thresholds;
    if (thresholds.heldMs === heldMs && thresholds.waitMs === waitMs) return;
    this.#thresholds = thresholds;
    this.#watch = new Watch(thresholds);
    this.alarms = [];
  }

  /** A debugger held the program, in milliseconds since its time origin. */
  stoodStill(from: number, to: number): void {
    this.#watch.stoodStill(from, to);
  }

  /** Has them look at what has come since. `now`: milliseconds since the program's time origin. */
  look(now: number): void {
    const found = this.#watch.look(this.#store, now);
    if (found.length > 0) this.alarms = [...this.alarms, ...found];
  }
}
