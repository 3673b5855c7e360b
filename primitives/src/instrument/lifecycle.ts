import { writeSync } from "node:fs";
import { setImmediate, setTimeout } from "node:timers";
import { EndReason, MAIN_TASK, MarkLevel } from "@lockscope/trace";
import type { CallSites } from "./call-sites.js";
import type { Recorder } from "./recorder.js";
import { Report } from "./report.js";
import { findStuck, type Stuck } from "./stuck.js";

/** Node's exit status for a program whose top-level await never came back. */
const UNSETTLED_AWAIT = 13;
/** A cycle is reported while the program goes on if it still stands after this time. */
const PATIENCE_MS = 500;

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
  #timer: NodeJS.Timeout | undefined;
  /** Waits that have been reported as deadlocked. */
  readonly #told = new Set<unknown>();

  constructor(recorder: Recorder, sites: CallSites) {
    this.#recorder = recorder;
    this.#sites = sites;
  }

  follow(): void {
    process.on("beforeExit", this.#onDrained);
    process.on("uncaughtExceptionMonitor", () => {
      this.#uncaught = true;
    });
    process.on("exit", this.#onExit);
  }

  /** Looks for a cycle before long, unless the program ends sooner. */
  readonly suspect = (): void => {
    if (this.#timer !== undefined) return;
    this.#timer = setTimeout(() => {
      this.#timer = undefined;
      this.#lookForCycles();
    }, PATIENCE_MS);
    this.#timer.unref();
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
    if (this.#ended || !this.#recorder.rows.opened) return;
    this.#ended = true;
    const stuck = this.#drained && !this.#uncaught && this.#recorder.model.parked.length > 0;
    if (stuck) this.#reportEnd(code);
    const reason = stuck ? EndReason.stuck : this.#uncaught ? EndReason.uncaught : EndReason.exit;
    this.#recorder.rows.end(reason);
  };

  #reportEnd(code: number): void {
    const stuck = findStuck(this.#recorder.model, true);
    const unsettled = code === UNSETTLED_AWAIT || process.exitCode === UNSETTLED_AWAIT;
    const mainWaits = stuck.waits.some(({ wait }) => wait.task.id === MAIN_TASK);
    const deadlock = stuck.cycles.length > 0 || unsettled || mainWaits;
    const report = new Report(stuck, this.#sites, this.#recorder.rows.now());
    this.#recorder.rows.mark(deadlock ? MarkLevel.error : MarkLevel.warning, report.summary());
    if (stuck.waits.every(({ parked }) => this.#told.has(parked))) {
      say("lockscope: the program ended in the deadlock reported above.\n");
    } else {
      say(deadlock ? report.deadlock() : report.leak());
    }
    if (deadlock && code === 0 && !process.exitCode) process.exitCode = 1;
  }

  /** Cycles that nobody outside can break; a wait that has a signal may still be given up. */
  #lookForCycles(): void {
    const all = findStuck(this.#recorder.model, false);
    const parkedOf = new Map(all.waits.map(({ wait, parked }) => [wait, parked]));
    const isNews = ({ edges }: Stuck["cycles"][number]) =>
      edges.some(({ wait }) => !this.#told.has(parkedOf.get(wait)));
    const cycles = all.cycles.filter((cycle) => cycle.certain && isNews(cycle));
    if (cycles.length === 0) return;
    for (const { edges } of cycles) for (const { wait } of edges) this.#told.add(parkedOf.get(wait));
    const report = new Report({ ...all, cycles }, this.#sites, this.#recorder.rows.now());
    this.#recorder.rows.mark(MarkLevel.error, report.summary());
    say(report.partialDeadlock());
  }
}

/** Synchronous, since the process may be about to end. */
function say(text: string): void {
  try {
    writeSync(2, text);
  } catch {
    // Standard error is closed, or a full pipe: the program's end must not hang on it.
  }
}
