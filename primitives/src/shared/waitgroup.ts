import { misuse } from "../misuse.js";
import { type Entry, granted, instrument, type WaitOptions } from "../runtime/index.js";
import { expectHandle, type SharedHandle } from "./handle.js";
import { STATE } from "./layout.js";
import type { Line } from "./line.js";
import { type SharedOptions, SharedResource } from "./resource.js";
import { SharedWaiter, type Turn } from "./turn.js";

const shape = { kind: "SharedWaitGroup", lines: ["single"] } as const;

const ROUND = 1n << 32n;
const COUNT = ROUND - 1n;
const MOST = 2 ** 31 - 1;

/**
 * Waits for work that other threads do (Go's `sync.WaitGroup`). `add` before the work is given away,
 * `done` at its end, in whichever thread, `wait` wherever all must have ended.
 *
 * Counter and round stand in one word of 64 bits: who waits, waits for the end of the round that he came
 * in, and a new one may begin before he goes on. What is done by a worker that ends before its `done` is
 * never done: nobody but you knows what was its to do.
 */
export class SharedWaitGroup extends SharedResource {
  readonly #state: BigInt64Array;
  readonly #line: Line;

  constructor(options?: SharedOptions);
  /** @internal */
  constructor(options: SharedOptions | undefined, handle: SharedHandle);
  constructor(options?: SharedOptions, handle?: SharedHandle) {
    super(shape, options, handle);
    this.#state = new BigInt64Array(this.handle.buffer, STATE * 4, 1);
    this.#line = this.lines[0]!;
  }

  /** The group of another thread. @throws {SyncError} `wrong-handle` */
  static from(handle: SharedHandle): SharedWaitGroup {
    return new SharedWaitGroup(undefined, expectHandle(handle, shape.kind));
  }

  /** @internal */
  get kind(): string {
    return shape.kind;
  }

  /**
   * Adds `delta`, which may be negative, to the counter. At zero all who wait go on.
   *
   * @throws {SyncError} `sync: negative WaitGroup counter`
   */
  add(delta: number): void {
    this.#add(delta, SharedWaitGroup.prototype.add);
  }

  /** One less: `add(-1)`. */
  done(): void {
    this.#add(-1, SharedWaitGroup.prototype.done);
  }

  /** Waits until the counter is zero. */
  wait(options?: WaitOptions): Promise<void> {
    const signal = options?.signal;
    if (signal?.aborted) return Promise.reject(signal.reason);
    const state = Atomics.load(this.#state, 0);
    if ((state & COUNT) === 0n) {
      if (instrument !== null) instrument.event("wait", this, 0, SharedWaitGroup.prototype.wait);
      return granted;
    }
    const waiter = new SharedWaiter<void>(this, "wait", this.#line, roundOf(state));
    return this.#line.park(waiter, signal, SharedWaitGroup.prototype.wait);
  }

  /** As {@link wait}, but blocks the thread; false when `timeoutMs` have passed. */
  waitSync(timeoutMs?: number): boolean {
    const state = Atomics.load(this.#state, 0);
    const entry = SharedWaitGroup.prototype.waitSync;
    if ((state & COUNT) === 0n) {
      if (instrument !== null) instrument.event("wait", this, 0, entry);
      return true;
    }
    const turn = new SharedWaiter<never>(this, "wait", this.#line, roundOf(state));
    return this.#line.block(turn, timeoutMs ?? Number.POSITIVE_INFINITY, entry);
  }

  /** What is left to be done. */
  get count(): number {
    return Number(Atomics.load(this.#state, 0) & COUNT);
  }

  /** @internal Who has ended a round may have died before he could say so. */
  override sweep(): void {
    super.sweep();
    this.#line.callAll();
  }

  /** @internal */
  claim(turn: Turn): boolean {
    return roundOf(Atomics.load(this.#state, 0)) !== turn.want;
  }

  #add(delta: number, entry: Entry): void {
    if (!Number.isSafeInteger(delta)) throw new RangeError(`WaitGroup.add: not a whole number: ${delta}`);
    for (;;) {
      const old = Atomics.load(this.#state, 0);
      const count = Number(old & COUNT) + delta;
      if (count < 0) throw misuse("negativeCounter", this);
      if (count > MOST) throw new RangeError(`WaitGroup.add: more than ${MOST}: ${count}`);
      const ends = count === 0 && (old & COUNT) !== 0n;
      const next = BigInt.asIntN(64, (old & ~COUNT) + BigInt(count) + (ends ? ROUND : 0n));
      if (Atomics.compareExchange(this.#state, 0, old, next) !== old) continue;
      if (instrument !== null) instrument.event("add", this, delta, entry);
      if (ends) this.#line.callAll();
      return;
    }
  }
}

function roundOf(state: bigint): number {
  return Number(state >> 32n);
}
