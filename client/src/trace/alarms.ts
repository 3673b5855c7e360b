import { EventEmitter } from "node:events";
import { type Alarm, type Thresholds, Watch } from "@lockscope/trace";
import { presentOf, type Timed } from "./present.js";
import { Throttle } from "./throttle.js";

/**
 * After news it is looked this often, so that a deadlock is told at once. A program that is quiet gives news of that:
 * by a clock of our own a lock would seem to be held while we are too busy to read that it is not.
 */
const INTERVAL_MS = 200;
/** A program that does the same wrong thing again and again says no more by the thousandth time. */
const MAX_KEPT = 500;

/** A trace that tells of its growth. */
type Watched = Timed & EventEmitter<{ data: []; end: [] }>;

/** What the detectors have to say of a session. `alarm` is emitted for each, once. */
export class SessionAlarms extends EventEmitter<{ alarm: [Alarm] }> {
  readonly all: Alarm[] = [];
  /** Since when a debugger holds the program, in milliseconds since its time origin. */
  #stoppedAt: number | undefined;
  readonly #session: Watched;
  readonly #watch = new Watch();
  readonly #throttle = new Throttle(INTERVAL_MS, () => this.#look());

  /** @param session has not read a batch yet: the detectors listen from the first one on */
  constructor(session: Watched) {
    super();
    this.#session = session;
    this.#watch.look(session.store, 0);
    session.on("data", this.#throttle.ask).on("end", () => this.#look());
  }

  /** A debugger holds the program: that its holds and waits grow longer is nobody's fault. */
  set paused(paused: boolean) {
    if (paused === (this.#stoppedAt !== undefined)) return;
    const now = presentOf(this.#session);
    if (this.#stoppedAt !== undefined) this.#watch.stoodStill(this.#stoppedAt, now);
    this.#stoppedAt = paused ? now : undefined;
    if (!paused) this.#throttle.ask();
  }

  set thresholds(thresholds: Thresholds) {
    this.#watch.thresholds = thresholds;
  }

  #look(): void {
    this.#throttle.dispose();
    const session = this.#session;
    const over = session.end !== undefined;
    if (this.#stoppedAt !== undefined && !over) return;
    for (const alarm of this.#watch.look(session.store, session.store.completeTime)) {
      if (this.all.length < MAX_KEPT) this.all.push(alarm);
      this.emit("alarm", alarm);
    }
  }
}
