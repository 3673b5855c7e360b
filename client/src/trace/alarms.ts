import { EventEmitter } from "node:events";
import { type Alarm, type Thresholds, Watch } from "@lockscope/trace";
import { presentOf, type Timed } from "./present.js";
import { Throttle } from "./throttle.js";

/** After news it is looked this often, so that a deadlock is told at once. */
const INTERVAL_MS = 200;
/** Without any, waits grow too long all the same. */
const SILENT_INTERVAL_MS = 1000;
/** A program that does the same wrong thing again and again says no more by the thousandth time. */
const MAX_KEPT = 500;

/** A trace that tells of its growth. */
type Watched = Timed & EventEmitter<{ data: []; end: [] }>;

/** What the detectors have to say of a session. `alarm` is emitted for each, once. */
export class SessionAlarms extends EventEmitter<{ alarm: [Alarm] }> {
  readonly all: Alarm[] = [];
  /** A debugger holds the program: that its waits grow longer is nobody's fault. */
  paused = false;
  readonly #session: Watched;
  readonly #watch = new Watch();
  readonly #throttle = new Throttle(INTERVAL_MS, () => this.#look());
  #timer: NodeJS.Timeout | undefined;

  /** @param session has not read a batch yet: the detectors listen from the first one on */
  constructor(session: Watched) {
    super();
    this.#session = session;
    this.#watch.look(session.store, 0);
    session.on("data", this.#throttle.ask).on("end", () => this.#look());
  }

  set thresholds(thresholds: Thresholds) {
    this.#watch.thresholds = thresholds;
  }

  #look(): void {
    this.#throttle.dispose();
    clearTimeout(this.#timer);
    const session = this.#session;
    const over = session.end !== undefined;
    if (!this.paused || over) {
      for (const alarm of this.#watch.look(session.store, presentOf(session))) {
        if (this.all.length < MAX_KEPT) this.all.push(alarm);
        this.emit("alarm", alarm);
      }
    }
    if (over) return;
    this.#timer = setTimeout(this.#throttle.ask, SILENT_INTERVAL_MS);
    this.#timer.unref();
  }
}
