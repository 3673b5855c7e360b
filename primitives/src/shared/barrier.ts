import { instrument, type WaitOptions } from "../runtime/index.js";
import { expectHandle, type SharedHandle } from "./handle.js";
import { STATE } from "./layout.js";
import type { Line } from "./line.js";
import { type SharedOptions, SharedResource } from "./resource.js";
import { SharedWaiter, type Turn } from "./turn.js";

/** The round, in the upper half, and how many have arrived in it. */
const ARRIVED = 0xffff;
const ROUND = 0x10000;
/** How many a round takes. */
const PARTIES = STATE + 1;

const shape = { kind: "SharedBarrier", lines: ["single"] } as const;

/**
 * A place where so many threads or tasks wait for each other, round after round. Who gives up (signal,
 * time-out, the end of its thread) has not arrived: the others go on waiting for one more.
 */
export class SharedBarrier extends SharedResource {
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #line: Line;

  /** @param parties how many a round takes, from 1 to 65535 */
  constructor(parties: number, options?: SharedOptions);
  /** @internal */
  constructor(parties: number | undefined, options: SharedOptions | undefined, handle: SharedHandle);
  constructor(parties = 0, options?: SharedOptions, handle?: SharedHandle) {
    super(shape, options, handle);
    this.#words = this.words;
    this.#line = this.lines[0]!;
    if (handle !== undefined) return;
    if (!(Number.isInteger(parties) && parties > 0 && parties <= ARRIVED)) {
      throw new RangeError("parties must be positive number");
    }
    this.#words[PARTIES] = parties;
  }

  /** The barrier of another thread. @throws {SyncError} `wrong-handle` */
  static from(handle: SharedHandle): SharedBarrier {
    return new SharedBarrier(undefined, undefined, expectHandle(handle, shape.kind));
  }

  /** @internal */
  get kind(): string {
    return shape.kind;
  }

  get parties(): number {
    return this.#words[PARTIES]!;
  }

  /** How many have arrived in this round. */
  get waiting(): number {
    return Atomics.load(this.#words, STATE) & ARRIVED;
  }

  /** Waits for the others. Resolves with how many were missing: parties - 1 for the first, 0 for the last. */
  wait(options?: WaitOptions): Promise<number> {
    const signal = options?.signal;
    if (signal?.aborted) return Promise.reject(signal.reason);
    const before = this.#arrive();
    const missing = this.parties - 1 - (before & ARRIVED);
    if (missing === 0) {
      if (instrument !== null) instrument.event("wait", this, 0, SharedBarrier.prototype.wait);
      return Promise.resolve(0);
    }
    const waiter = new SharedWaiter<number>(this, "wait", this.#line, before & ~ARRIVED);
    waiter.result = missing;
    return this.#line.park(waiter, signal, SharedBarrier.prototype.wait);
  }

  /** As {@link wait}, but blocks the thread; -1 when `timeoutMs` have passed. */
  waitSync(timeoutMs?: number): number {
    const before = this.#arrive();
    const missing = this.parties - 1 - (before & ARRIVED);
    const entry = SharedBarrier.prototype.waitSync;
    if (missing === 0) {
      if (instrument !== null) instrument.event("wait", this, 0, entry);
      return 0;
    }
    const turn = new SharedWaiter<never>(this, "wait", this.#line, before & ~ARRIVED);
    return this.#line.block(turn, timeoutMs ?? Number.POSITIVE_INFINITY, entry) ? missing : -1;
  }

  /** @internal Who has ended a round may have died before he could say so. */
  override sweep(): void {
    super.sweep();
    this.#line.callAll();
  }

  /** @internal */
  claim(turn: Turn): boolean {
    if ((Atomics.load(this.#words, STATE) & ~ARRIVED) === turn.want) return false;
    const { heldAt, roundAt } = this.#line;
    if (this.#words[roundAt] === turn.want) this.#words[heldAt] = 0;
    return true;
  }

  /** @internal */
  override delist(turn: Turn): boolean {
    return !this.#withdraw(turn.want, 1, this.#line.heldAt);
  }

  /** @internal */
  override bury(_countAt: number, heldAt: number, _spentAt: number, roundAt: number): void {
    this.#withdraw(this.#words[roundAt]!, this.#words[heldAt]!, heldAt);
  }

  /** Counts one in. Returns the state before; the last one begins a new round. */
  #arrive(): number {
    const words = this.#words;
    const { parties } = this;
    this.lookAround();
    this.#line.secure();
    const { heldAt, roundAt } = this.#line;
    for (;;) {
      const old = Atomics.load(words, STATE);
      const round = old & ~ARRIVED;
      const last = (old & ARRIVED) === parties - 1;
      const next = last ? (round + ROUND) | 0 : old + 1;
      if (Atomics.compareExchange(words, STATE, old, next) !== old) continue;
      if (last) {
        this.#line.unsecure();
        this.#line.callAll();
      } else if (words[roundAt] === round) words[heldAt]!++;
      else {
        words[roundAt] = round;
        words[heldAt] = 1;
      }
      return old;
    }
  }

  /** Takes arrivals of `round` back, unless it is over. */
  #withdraw(round: number, count: number, heldAt: number): boolean {
    const words = this.#words;
    for (;;) {
      const old = Atomics.load(words, STATE);
      if ((old & ~ARRIVED) !== round) return false;
      if (Atomics.compareExchange(words, STATE, old, old - count) !== old) continue;
      words[heldAt]! -= count;
      return true;
    }
  }
}
