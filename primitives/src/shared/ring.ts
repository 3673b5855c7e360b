import { agent } from "./agent.js";
import type { Deaths } from "./deaths.js";

/** Where the ring's words stand, from its first. */
const LOCK = 0;
const HEAD = 1;
const TAIL = 2;
const CAPACITY = 3;

const SPINS = 200;
const NAP_MS = 1;

/**
 * Messages of any length one after the other in shared memory, each with its length before it. Positions
 * run round twice before they begin anew, to tell full from empty.
 *
 * A spin lock guards it: what it is held for takes no longer than the copy of a message. Should its thread
 * end all the same with the lock in hand, another one takes it over: each change becomes valid with its
 * last step, so there is nothing to mend.
 */
export class Ring {
  readonly #words: Int32Array;
  readonly #bytes: Uint8Array;
  readonly #at: number;
  readonly #capacity: number;
  readonly #deaths: Deaths;

  /** Bytes that a ring needs for `bytes` of messages, lengths included. */
  static size(bytes: number): number {
    return (bytes + 3) & ~3;
  }

  /**
   * @param at the first of its four words
   * @param data where its bytes begin; a multiple of four
   * @param capacity how many there are, of a new one
   */
  constructor(
    words: Int32Array<SharedArrayBuffer>,
    at: number,
    data: number,
    deaths: Deaths,
    capacity?: number,
  ) {
    this.#words = words;
    this.#at = at;
    this.#deaths = deaths;
    if (capacity !== undefined) words[at + CAPACITY] = capacity;
    this.#capacity = words[at + CAPACITY]!;
    this.#bytes = new Uint8Array(words.buffer, data, this.#capacity);
  }

  get capacity(): number {
    return this.#capacity;
  }

  get empty(): boolean {
    return Atomics.load(this.#words, this.#at + HEAD) === Atomics.load(this.#words, this.#at + TAIL);
  }

  /** What a message of `length` bytes takes up. */
  static space(length: number): number {
    return 4 + ((length + 3) & ~3);
  }

  push(message: Uint8Array): boolean {
    const { length } = message;
    const space = Ring.space(length);
    this.#enter();
    const tail = this.#words[this.#at + TAIL]!;
    const fits = this.#used(this.#words[this.#at + HEAD]!, tail) + space <= this.#capacity;
    if (fits) {
      this.#setLength(tail, length);
      const start = (tail + 4) % this.#capacity;
      const room = Math.min(length, this.#capacity - start);
      this.#bytes.set(message.subarray(0, room), start);
      this.#bytes.set(message.subarray(room), 0);
      Atomics.store(this.#words, this.#at + TAIL, (tail + space) % (2 * this.#capacity));
    }
    this.#leave();
    return fits;
  }

  /** The oldest message; undefined if there is none. */
  pop(): Uint8Array | undefined {
    this.#enter();
    const head = this.#words[this.#at + HEAD]!;
    let message: Uint8Array | undefined;
    if (head !== this.#words[this.#at + TAIL]) {
      const length = this.#lengthAt(head);
      message = new Uint8Array(length);
      const start = (head + 4) % this.#capacity;
      const room = Math.min(length, this.#capacity - start);
      message.set(this.#bytes.subarray(start, start + room));
      message.set(this.#bytes.subarray(0, length - room), room);
      Atomics.store(this.#words, this.#at + HEAD, (head + Ring.space(length)) % (2 * this.#capacity));
    }
    this.#leave();
    return message;
  }

  #used(head: number, tail: number): number {
    return tail >= head ? tail - head : tail - head + 2 * this.#capacity;
  }

  #setLength(position: number, length: number): void {
    this.#words[this.#lengthWord(position)] = length;
  }

  #lengthAt(position: number): number {
    return this.#words[this.#lengthWord(position)]!;
  }

  #lengthWord(position: number): number {
    return (this.#bytes.byteOffset + (position % this.#capacity)) / 4;
  }

  #enter(): void {
    const words = this.#words;
    const lock = this.#at + LOCK;
    for (let spin = 0; ; spin++) {
      const holder = Atomics.compareExchange(words, lock, 0, agent);
      if (holder === 0) return;
      if (spin < SPINS) continue;
      spin = 0;
      if (this.#deaths.isDead(holder) && Atomics.compareExchange(words, lock, holder, agent) === holder)
        return;
      if (mayBlock()) Atomics.wait(words, lock, holder, NAP_MS);
    }
  }

  #leave(): void {
    Atomics.store(this.#words, this.#at + LOCK, 0);
  }
}

let blocks: boolean | undefined;

/** A browser's main thread may not. */
function mayBlock(): boolean {
  if (blocks === undefined) {
    try {
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 1);
      blocks = true;
    } catch {
      blocks = false;
    }
  }
  return blocks;
}
