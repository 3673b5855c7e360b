import { instrument, type Named, Resource } from "../runtime/index.js";
import { expectHandle, postTheHandle, type SharedHandle } from "./handle.js";
import { sharedMemory } from "./memory.js";

const kind = "SharedQueue";

/** The words before the cells. The two positions are far apart: those who push do not slow down those who pop. */
const CAPACITY = 0;
const RECORD = 1;
/** Its number in a trace; whether the trace has been told what it is. */
const TRACE_ID = 2;
const TRACE_TOLD = 3;
const TAIL = 16;
const HEAD = 32;
const CELLS = 48;

/** A cell that holds a number has it in two words. */
const NUMBER_WORDS = 2;

export interface SharedQueueOptions extends Named {
  /** How many items it holds at most. */
  capacity: number;
  /** Items are records of so many 32-bit integers; numbers unless told. */
  words?: number;
}

/**
 * A bounded queue between threads without a lock: nobody waits for anybody, and who finds it full or
 * empty is told so. Items are numbers, or records of a fixed number of 32-bit integers.
 *
 * Each cell has a sequence number that says whose turn it is (D. Vyukov's bounded queue): for the push at
 * position p it reads 2p, for the pop at p it reads 2p + 1, and the pop leaves it at 2(p + capacity), for
 * the next time round. Who comes by a compare-and-swap of the position owns the cell, and its number is
 * his last step. Should a thread end in between, the queue stays stuck at that cell.
 */
export class SharedQueue extends Resource {
  /** @internal */
  override readonly noCopy: symbol = postTheHandle;
  /** For `postMessage`; `from` makes the same queue of it in another thread. */
  readonly handle: SharedHandle;
  readonly capacity: number;
  readonly #words: Int32Array<SharedArrayBuffer>;
  /** Integers of a record; zero for numbers. */
  readonly #record: number;
  readonly #stride: number;
  /** Positions begin anew here: a multiple of the capacity, so that cells follow each other still. */
  readonly #wrap: number;

  constructor(options: SharedQueueOptions);
  /** @internal */
  constructor(options: SharedQueueOptions | undefined, handle: SharedHandle);
  constructor(options?: SharedQueueOptions, handle?: SharedHandle) {
    super(handle === undefined ? options : { name: handle.name }, false);
    this.handle = handle ?? newHandle(options!);
    this.#words = new Int32Array(this.handle.buffer);
    this.capacity = this.#words[CAPACITY]!;
    this.#record = this.#words[RECORD]!;
    this.#stride = 1 + (this.#record || NUMBER_WORDS);
    this.#wrap = Math.floor(2 ** 29 / this.capacity) * this.capacity;
    if (handle === undefined) {
      for (let cell = 0; cell < this.capacity; cell++) this.#words[this.#cellOf(cell)] = 2 * cell;
    }
    if (instrument !== null) instrument.created(this, new.target);
  }

  /** The queue of another thread. @throws {SyncError} `wrong-handle` */
  static from(handle: SharedHandle): SharedQueue {
    return new SharedQueue(undefined, expectHandle(handle, kind));
  }

  /** @internal */
  get kind(): string {
    return kind;
  }

  override get name(): string {
    return this.handle.name;
  }

  /** How many items are in it; by the time you read it perhaps no longer. */
  get length(): number {
    const head = Atomics.load(this.#words, HEAD);
    const ahead = Atomics.load(this.#words, TAIL) - head;
    return Math.min(ahead < 0 ? ahead + this.#wrap : ahead, this.capacity);
  }

  /** Puts an item at the end; false if the queue is full. */
  tryPush(value: number | ArrayLike<number>): boolean {
    if ((typeof value === "number") !== (this.#record === 0)) this.#refuse(value);
    if (typeof value !== "number" && value.length !== this.#record) this.#refuse(value);
    const words = this.#words;
    for (;;) {
      const position = Atomics.load(words, TAIL);
      const cell = this.#cellOf(position);
      const turn = this.#compare(Atomics.load(words, cell), 2 * position);
      if (turn < 0) return false;
      if (turn > 0) continue;
      if (Atomics.compareExchange(words, TAIL, position, this.#after(position, 1)) !== position) continue;
      if (typeof value === "number") {
        float[0] = value;
        words[cell + 1] = floatWords[0]!;
        words[cell + 2] = floatWords[1]!;
      } else words.set(value, cell + 1);
      if (instrument !== null) instrument.event("send", this, 0, SharedQueue.prototype.tryPush);
      Atomics.store(words, cell, 2 * position + 1);
      return true;
    }
  }

  /**
   * Takes the item at the front; `undefined` if the queue is empty.
   *
   * @param into where a record is put; a new array unless given
   */
  tryPop(into?: Int32Array): number | Int32Array | undefined {
    const words = this.#words;
    for (;;) {
      const position = Atomics.load(words, HEAD);
      const cell = this.#cellOf(position);
      const turn = this.#compare(Atomics.load(words, cell), 2 * position + 1);
      if (turn < 0) return undefined;
      if (turn > 0) continue;
      const record = this.#record === 0 ? undefined : (into ?? new Int32Array(this.#record));
      if (Atomics.compareExchange(words, HEAD, position, this.#after(position, 1)) !== position) continue;
      let value: number | Int32Array;
      if (record === undefined) {
        floatWords[0] = words[cell + 1]!;
        floatWords[1] = words[cell + 2]!;
        value = float[0]!;
      } else {
        record.set(words.subarray(cell + 1, cell + 1 + this.#record));
        value = record;
      }
      if (instrument !== null) instrument.event("receive", this, 0, SharedQueue.prototype.tryPop);
      Atomics.store(words, cell, 2 * this.#after(position, this.capacity));
      return value;
    }
  }

  /** @internal As `SharedResource.agreeOnId`. */
  agreeOnId(own: number): number {
    return Atomics.compareExchange(this.#words, TRACE_ID, 0, own) >>> 0 || own;
  }

  /** @internal As `SharedResource.tellOnce`. */
  tellOnce(): boolean {
    return Atomics.exchange(this.#words, TRACE_TOLD, 1) !== 0;
  }

  #cellOf(position: number): number {
    return CELLS + (position % this.capacity) * this.#stride;
  }

  #after(position: number, steps: number): number {
    const next = position + steps;
    return next >= this.#wrap ? next - this.#wrap : next;
  }

  /** Whether `sequence` is behind `turn`, at it, or ahead, on a circle. */
  #compare(sequence: number, turn: number): number {
    const ahead = sequence - turn;
    if (ahead > this.#wrap) return ahead - 2 * this.#wrap;
    return ahead < -this.#wrap ? ahead + 2 * this.#wrap : ahead;
  }

  #refuse(value: number | ArrayLike<number>): never {
    const wanted = this.#record === 0 ? "numbers" : `records of ${this.#record} integers`;
    const given = typeof value === "number" ? "a number" : `a record of ${value.length}`;
    throw new TypeError(`${this.name}: ${given} pushed, in a queue of ${wanted}`);
  }
}

/** To take a number apart. */
const float = /* @__PURE__ */ new Float64Array(1);
const floatWords = /* @__PURE__ */ new Int32Array(float.buffer);

let queues = 0;

function newHandle({ capacity, words = 0, name }: SharedQueueOptions): SharedHandle {
  if (!(Number.isInteger(capacity) && capacity > 0 && capacity <= 2 ** 26)) {
    throw new RangeError(`${kind}: capacity ${capacity}`);
  }
  if (!(Number.isInteger(words) && words >= 0)) throw new RangeError(`${kind}: words ${words}`);
  const buffer = sharedMemory((CELLS + capacity * (1 + (words || NUMBER_WORDS))) * 4);
  const all = new Int32Array(buffer);
  all[CAPACITY] = capacity;
  all[RECORD] = words;
  return { kind, buffer, name: name ?? `${kind}#${++queues}` };
}
