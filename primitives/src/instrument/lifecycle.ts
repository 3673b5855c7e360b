import { setImmediate } from "node:timers";
import { EndReason, MarkLevel } from "@lockscope/trace";
import type { CallSites } from "./call-sites.js";
import type { Recorder } from "./recorder.js";
import { Report } from "./report.js";
import { say } from "./say.js";
import { findStuck } from "./stuck.js";

/** Node's exit status for a program whose top-level await never came back. */
const UNSETTLED_AWAIT = 13;

/**
 * Follows the program to its end. Tasks that wait for each other do not keep Node alive: the event loop
 * runs empty and the process ends with status 0, as if all were done. So an empty loop is the moment to
 * look who is still parked.
 */
export class Lifecycle {
  readonly #recorder: Recorder;
  readonly #sites: CallSites;
  /** The event loop ran empty, and nothing has happened since. */
  #drained = false;
  #uncaught = false;
  #ended = false;

  constructor(recorder: Recorder, sites: CallSites) {
    this.#recorder = recorder;
    this.#sites = sites;
  }

  follow(): void {
    process.on("beforeExit", this.#onDrained);
    process.on("uncaughtExceptionMonitor", this.#onUncaught);
    process.on("exit", this.#onExit);
  }

  unfollow(): void {
    process.off("beforeExit", this.#onDrained);
    process.off("uncaughtExceptionMonitor", this.#onUncaught);
    process.off("exit", this.#onExit);
  }

  readonly #onUncaught = (): void => {
    this.#uncaught = true;
  };

  readonly #onDrained = (): void => {
    this.#drained = true;
    // Somebody else's handler may find more work: then this comes round, otherwise it never does.
    setImmediate(() => {
      this.#drained = false;
    }).unref();
    // Behind Node's own handler, which says whether a top-level await is left.
    process.off("exit", this.#onExit).on("exit", this.#onExit);
  };

  readonly #onExit = (code: number): void => {
    if (this.#ended) return;
    this.#ended = true;
    const stuck = this.#drained && !this.#uncaught && this.#recorder.model.parked.length > 0;
    if (stuck) this.#reportEnd(code);
    const reason = stuck ? EndReason.stuck : this.#uncaught ? EndReason.uncaught : EndReason.exit;
    this.#recorder.end(reason);
  };

  #reportEnd(code: number): void {
    const { home, rows, model } = this.#recorder;
    const stuck = findStuck(model, home);
    const unsettled = code === UNSETTLED_AWAIT || process.exitCode === UNSETTLED_AWAIT;
    const mainWaits = stuck.waits.some(({ task }) => task === stuck.main);
    const deadlock = stuck.cycles.length > 0 || unsettled || mainWaits;
    const report = new Report(stuck, this.#sites, rows.now(), home);
    rows.mark(deadlock ? MarkLevel.error : MarkLevel.warning, report.summary());
    if (stuck.cycles.length > 0 && home.deadlocksTold >= stuck.cycles.length) {
      say("lockscope: the program ended in the deadlock reported above.\n");
    } else {
      say(deadlock ? report.deadlock() : report.leak());
    }
    if (deadlock && code === 0 && !process.exitCode) process.exitCode = 1;
  }
}
