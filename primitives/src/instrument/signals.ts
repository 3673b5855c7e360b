/**
 * Signals that end a process which does not listen to them: where it stands, with the last rows still in its rings. Two
 * look after that. The flusher hears of them even when the program is busy or frozen (`signal-watch.ts`); until it has
 * come up, the main thread stands in. Neither does anything where the program listens itself. In the end the process
 * is ended by the same signal, as it would have been.
 */
import type { EventEmitter } from "node:events";
import { constants } from "node:os";
import { setImmediate } from "node:timers";
import { millisecondsSince } from "./clock.js";

type Name = "SIGHUP" | "SIGINT" | "SIGQUIT" | "SIGTERM";
const NAMES: readonly Name[] = ["SIGHUP", "SIGINT", "SIGQUIT", "SIGTERM"];

/** Their numbers. Windows has others, and ends a process without asking it. */
export const DEADLY: readonly number[] =
  process.platform === "win32" ? [] : NAMES.map((name) => constants.signals[name]);

/** Words of the board, and the place of its double. */
const LISTENED = 0;
const ENDING = 1;
const FREED_AT = 8;

/** What the main thread and the flusher tell each other of signals, in memory that they share. */
export class SignalBoard {
  readonly #words: Int32Array;
  readonly #freed: Float64Array;

  /** @param at where in `buffer` its bytes are, a multiple of 8 */
  constructor(buffer: SharedArrayBuffer, at: number) {
    this.#words = new Int32Array(buffer, at, 2);
    this.#freed = new Float64Array(buffer, at + FREED_AT, 1);
  }

  /** Whether the program listens to a signal. */
  isListenedTo(signal: number): boolean {
    return (Atomics.load(this.#words, LISTENED) & bitOf(signal)) !== 0;
  }

  listen(signal: number): void {
    Atomics.or(this.#words, LISTENED, bitOf(signal));
  }

  free(signal: number): void {
    this.#freed[0] = millisecondsSince(0);
    Atomics.and(this.#words, LISTENED, ~bitOf(signal));
  }

  /** How long ago the program ceased to listen to one, in milliseconds. */
  get freeFor(): number {
    return millisecondsSince(0) - this.#freed[0]!;
  }

  /** The signal by which the process is about to end; 0: none. */
  get ending(): number {
    return Atomics.load(this.#words, ENDING);
  }

  set ending(signal: number) {
    Atomics.compareExchange(this.#words, ENDING, 0, signal);
  }
}

const bitOf = (signal: number) => 1 << DEADLY.indexOf(signal);

/** With the events of all emitters, which its own type leaves out. */
const events: EventEmitter = process;

/** The main thread's part. */
export class ProgramSignals {
  readonly #board: SignalBoard;
  readonly #say: (signal: number) => void;
  /** Our own listeners, as long as the flusher hears nothing. */
  readonly #stopgaps = new Map<Name, () => void>();
  #isUp = false;
  readonly #kill = process.kill;
  readonly #abort = process.abort;

  /** @param say has the trace end with the signal by which the process does; returns when it has left */
  constructor(board: SignalBoard, say: (signal: number) => void) {
    this.#board = board;
    this.#say = say;
  }

  follow(): void {
    for (const name of NAMES) {
      if (process.listenerCount(name) > 0) this.#board.listen(constants.signals[name]);
      else this.#standIn(name);
    }
    // Before Node's own, which begins to hear of a signal for the first listener: ours must not pass for that.
    events.prependListener("newListener", this.#onAdded).on("removeListener", this.#onRemoved);
    process.kill = (pid, signal) => {
      if (pid === process.pid) this.#beforeKill(signal ?? "SIGTERM");
      return this.#kill.call(process, pid, signal);
    };
    process.abort = () => {
      this.#say(constants.signals.SIGABRT);
      return this.#abort.call(process);
    };
  }

  unfollow(): void {
    this.#standBackFromAll();
    events.off("newListener", this.#onAdded).off("removeListener", this.#onRemoved);
    process.kill = this.#kill;
    process.abort = this.#abort;
  }

  /** From now on the flusher hears of signals by itself, or never will. */
  flusherIsUp(): void {
    this.#isUp = true;
    // Those that came before, while this thread was busy, are still to be handed out in this turn of the loop.
    setImmediate(() => this.#standBackFromAll()).unref();
  }

  #standBackFromAll(): void {
    this.#isUp = true;
    for (const name of this.#stopgaps.keys()) this.#standBack(name);
  }

  #standIn(name: Name): void {
    const signal = constants.signals[name];
    const stopgap = () => {
      this.#say(signal);
      this.#standBackFromAll();
      this.#kill.call(process, process.pid, signal);
    };
    this.#stopgaps.set(name, stopgap);
    process.on(name, stopgap);
  }

  #standBack(name: Name): void {
    const stopgap = this.#stopgaps.get(name);
    if (stopgap === undefined) return;
    process.off(name, stopgap);
    this.#stopgaps.delete(name);
  }

  readonly #onAdded = (event: string | symbol, listener: unknown): void => {
    const name = NAMES.find((each) => each === event);
    if (name === undefined || listener === this.#stopgaps.get(name)) return;
    this.#board.listen(constants.signals[name]);
    // With one listener more some programs (those that use signal-exit) would not end.
    this.#standBack(name);
  };

  readonly #onRemoved = (event: string | symbol, listener: unknown): void => {
    const name = NAMES.find((each) => each === event);
    if (name === undefined || listener === this.#stopgaps.get(name) || process.listenerCount(name) > 0)
      return;
    this.#board.free(constants.signals[name]);
    if (!this.#isUp) this.#standIn(name);
  };

  /** Who ends himself does not come back from it. */
  #beforeKill(wanted: string | number): void {
    const signal = typeof wanted === "number" ? wanted : constants.signals[wanted as NodeJS.Signals];
    const isDeadly = DEADLY.includes(signal) && !this.#board.isListenedTo(signal);
    if (isDeadly || signal === constants.signals.SIGKILL || signal === constants.signals.SIGABRT) {
      this.#say(signal);
      this.#standBackFromAll();
    }
  }
}
