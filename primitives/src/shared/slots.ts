import { agent } from "./agent.js";
import { HIGH, MEMBERS, SLOT_WORDS, THREADS } from "./layout.js";

/** The words of a slot: the last four say what its thread stands for, should it end. */
export const AGENT = 0;
export const SIGNAL = 1;
export const TICKET = 2;
export const COUNT = 3;
/** What the thread has got, and how much of it other threads have given back. */
export const HELD = 4;
export const SPENT = 5;
export const ROUND = 6;

/** The states of `SIGNAL`. */
export const OUT = 0;
export const WAITING = 1;
export const CALLED = 2;

/** In place of a slot: none. */
export const NONE = -1;

/** Where the slots of a primitive's lines begin. */
export function firstSlot(threads: number, line: number): number {
  return MEMBERS + threads + line * threads * SLOT_WORDS;
}

/**
 * The slots of one line: what all threads see of it. A slot goes by the place of its first word. Only as
 * many are looked at as have ever been in use at the same time.
 */
export class Slots {
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #first: number;
  readonly #last: number;
  /** Where the word stands that says how far the slots in use go. */
  readonly #high: number;

  constructor(words: Int32Array<SharedArrayBuffer>, line: number) {
    const threads = words[THREADS]!;
    this.#words = words;
    this.#first = firstSlot(threads, line);
    this.#last = firstSlot(threads, line + 1);
    this.#high = HIGH + line;
  }

  /** The slot of the first in line; -1 if nobody waits. */
  front(): number {
    const end = this.#end;
    let found = NONE;
    let lowest = 0;
    for (let at = this.#first; at < end; at += SLOT_WORDS) {
      if (Atomics.load(this.#words, at + SIGNAL) === OUT) continue;
      const ticket = Atomics.load(this.#words, at + TICKET);
      if (found === NONE || ((ticket - lowest) | 0) < 0) {
        found = at;
        lowest = ticket;
      }
    }
    return found;
  }

  /** Those in which somebody waits, in no order. */
  awaited(): number[] {
    const found: number[] = [];
    const end = this.#end;
    for (let at = this.#first; at < end; at += SLOT_WORDS) {
      if (Atomics.load(this.#words, at + SIGNAL) !== OUT) found.push(at);
    }
    return found;
  }

  /** How many wait, tasks and threads. */
  count(): number {
    let count = 0;
    const end = this.#end;
    for (let at = this.#first; at < end; at += SLOT_WORDS) count += Atomics.load(this.#words, at + COUNT);
    return count;
  }

  /** A slot for this thread; -1 if there is none left. */
  claim(): number {
    const words = this.#words;
    for (let at = this.#first; at < this.#last; at += SLOT_WORDS) {
      if (Atomics.compareExchange(words, at + AGENT, 0, agent) !== 0) continue;
      const end = at + SLOT_WORDS;
      for (let high = this.#end; high < end; high = this.#end) {
        Atomics.compareExchange(words, this.#high, high, end);
      }
      return at;
    }
    return NONE;
  }

  /** How much its thread has got, less what others have given back for it. */
  held(slot: number): number {
    return Atomics.load(this.#words, slot + HELD) - Atomics.load(this.#words, slot + SPENT);
  }

  /** Takes `amount` off what threads hold, as far as they do. */
  spend(amount: number): void {
    let left = amount;
    const end = this.#end;
    for (let at = this.#first; at < end && left > 0; at += SLOT_WORDS) left -= this.#spendAt(at, left);
  }

  /** Clears the slots of threads that have ended, after `bury` has seen what each stood for. */
  sweep(isDead: (thread: number) => boolean, bury: (slot: number) => void): void {
    const words = this.#words;
    for (let at = this.#first; at < this.#last; at += SLOT_WORDS) {
      const thread = Atomics.load(words, at + AGENT);
      if (!isDead(thread)) continue;
      // In our name first: should we end in the middle of it, somebody else will clear up after us.
      if (Atomics.compareExchange(words, at + AGENT, thread, agent) !== thread) continue;
      Atomics.store(words, at + SIGNAL, OUT);
      bury(at);
      words[at + COUNT] = words[at + HELD] = words[at + SPENT] = 0;
      Atomics.store(words, at + AGENT, 0);
    }
  }

  get #end(): number {
    return Atomics.load(this.#words, this.#high);
  }

  #spendAt(slot: number, wanted: number): number {
    for (;;) {
      const spent = Atomics.load(this.#words, slot + SPENT);
      const more = Math.min(this.held(slot), wanted);
      if (more <= 0) return 0;
      if (Atomics.compareExchange(this.#words, slot + SPENT, spent, spent + more) === spent) return more;
    }
  }
}
