import { createRequire } from "node:module";
import { DEADLY, type SignalBoard } from "./signals.js";

/** What a thread has to be started with to hear of signals, and to keep Node's warning of that off the terminal. */
export const TO_HEAR_SIGNALS: readonly string[] = ["--expose-internals", "--no-warnings"];

/**
 * So long after the program ceased to listen to a signal, one that comes may have been heard by that listener: the two
 * threads are told of it at different times.
 */
const SETTLE_MS = 50;

/** A signal as the engine room of Node has it. `start` returns 0 if it went well. */
interface Handle {
  onsignal: (signal: number) => void;
  start(signal: number): number;
  close(): void;
}

interface Internals {
  internalBinding(name: "signal_wrap"): { readonly Signal: new () => Handle };
}

/**
 * The flusher's ear for signals. Listeners by `process.on` exist in the main thread alone, which may be busy or
 * frozen, and other listeners would see them; this one nobody sees, and it hears at once.
 */
export class SignalWatch {
  readonly #board: SignalBoard;
  readonly #end: (signal: number) => void;
  #handles: Handle[] = [];
  /** When signals have come lately, by `performance.now()`. */
  #heard: { readonly signal: number; readonly at: number }[] = [];

  /** @param end the process is about to end by a signal */
  constructor(board: SignalBoard, end: (signal: number) => void) {
    this.#board = board;
    this.#end = end;
    for (const signal of DEADLY) this.#open(signal);
  }

  /** From here on signals do again what they did. */
  close(): void {
    for (const handle of this.#handles) handle.close();
    this.#handles = [];
  }

  #open(signal: number): void {
    const handle = newHandle();
    if (handle === undefined) return;
    handle.onsignal = this.#onSignal;
    if (handle.start(signal) === 0) this.#handles.push(handle);
    else handle.close();
  }

  readonly #onSignal = (signal: number): void => {
    const now = performance.now();
    this.#heard = this.#heard.filter(({ at }) => now - at < 2 * SETTLE_MS);
    this.#heard.push({ signal, at: now });
    if (this.#board.isListenedTo(signal)) return;
    if (this.#board.freeFor > SETTLE_MS) this.#end(signal);
    else setTimeout(() => this.#decide(signal), SETTLE_MS);
  };

  /** The listener that is no more may have heard one, but not two. */
  #decide(signal: number): void {
    const times = this.#heard.filter((each) => each.signal === signal).length;
    if (times > 1 && !this.#board.isListenedTo(signal)) this.#end(signal);
  }
}

/** undefined: this Node keeps them to itself, and the process is ended without us. */
function newHandle(): Handle | undefined {
  try {
    const { internalBinding } = createRequire(import.meta.url)("internal/test/binding") as Internals;
    return new (internalBinding("signal_wrap").Signal)();
  } catch {
    return undefined;
  }
}
