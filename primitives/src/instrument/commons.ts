/**
 * What the traced threads of a program share: the number of the next thread and of the next block of ids, the
 * origin of time, and a ring for each worker. The main thread makes it before there are workers; they find
 * it in their environment data, as their own workers do.
 *
 * Rings stand in one piece of memory, so that whoever carries the trace away finds those of threads that it
 * was never told of, even while all other threads are frozen. Memory that no thread has written to costs
 * nothing but addresses.
 */
import { getEnvironmentData, setEnvironmentData, threadId } from "node:worker_threads";
import { nanoseconds } from "./clock.js";
import type { Config } from "./config.js";
import { Control, openRing, RingState, ringBytes, type SharedRing } from "./ring.js";
import { SignalBoard } from "./signals.js";

/** More threads at a time go untraced. */
const WORKER_RINGS = 64;
const WORKER_ROWS = 2 ** 14;
const WORKER_DEFINITION_BYTES = 2 ** 16;

/** Words before the rings. */
const NEXT_BLOCK = 0;
const NEXT_THREAD = 1;
/** Somebody wants what the flusher keeps back. */
const DUMP = 4;
/** Two words, a double. */
const ORIGIN = 2;
const SIGNALS_AT = 24;
const HEADER_BYTES = 64;

const RING_BYTES = ringBytes(WORKER_ROWS, WORKER_DEFINITION_BYTES);
const KEY = "@lockscope/trace";

/** What a thread leaves for its workers. */
interface Legacy {
  readonly buffer: SharedArrayBuffer;
  readonly config: Config;
  /** Node's number of the thread. */
  readonly parent: number;
}

export class Commons {
  readonly buffer: SharedArrayBuffer;
  readonly signals: SignalBoard;
  readonly #words: Int32Array;
  readonly #origin: Float64Array;
  /** Views of the rings that somebody asked for. */
  readonly #rings: SharedRing[] = [];

  constructor(buffer: SharedArrayBuffer) {
    this.buffer = buffer;
    this.#words = new Int32Array(buffer, 0, HEADER_BYTES / 4);
    this.#origin = new Float64Array(buffer, ORIGIN * 4, 1);
    this.signals = new SignalBoard(buffer, SIGNALS_AT);
  }

  /** The main thread's: nobody else has any yet. */
  static create(config: Config): Commons {
    const commons = new Commons(new SharedArrayBuffer(HEADER_BYTES + WORKER_RINGS * RING_BYTES));
    commons.#origin[0] = origin();
    commons.#words[NEXT_THREAD] = 1;
    const legacy: Legacy = { buffer: commons.buffer, config, parent: threadId };
    setEnvironmentData(KEY, legacy);
    return commons;
  }

  /** A worker's: what its parent has left for it; undefined if that is not traced. */
  static inherited(): (Omit<Legacy, "buffer"> & { readonly commons: Commons }) | undefined {
    const legacy = getEnvironmentData(KEY) as unknown as Legacy | undefined;
    if (legacy === undefined) return undefined;
    const { buffer, config, parent } = legacy;
    setEnvironmentData(KEY, { ...legacy, parent: threadId });
    return { commons: new Commons(buffer), config, parent };
  }

  /** The number of a block of ids that nobody else has. */
  nextBlock(): number {
    return Atomics.add(this.#words, NEXT_BLOCK, 1) & 0xffff;
  }

  /** The time origin of the trace, see {@link nanoseconds}. */
  get origin(): number {
    return this.#origin[0]!;
  }

  /** A ring for this thread, which has it until it ends; undefined when all are taken. */
  claim(parent: number): SharedRing | undefined {
    for (let index = 0; index < WORKER_RINGS; index++) {
      const ring = this.#ring(index);
      const { control } = ring;
      if (Atomics.compareExchange(control, Control.state, RingState.free, RingState.claimed) !== 0) continue;
      control[Control.thread] = Atomics.add(this.#words, NEXT_THREAD, 1);
      control[Control.nodeThread] = threadId;
      control[Control.parent] = parent;
      Atomics.store(control, Control.state, RingState.live);
      return ring;
    }
    return undefined;
  }

  /** Those in use, or used by a thread that has ended and not yet emptied. */
  rings(): SharedRing[] {
    const used: SharedRing[] = [];
    for (let index = 0; index < WORKER_RINGS; index++) {
      const ring = this.#ring(index);
      if (Atomics.load(ring.control, Control.state) >= RingState.live) used.push(ring);
    }
    return used;
  }

  /** A thread has ended, and its workers with it: their rings are to be emptied, and are free then. */
  ended(thread: number): void {
    for (const { control } of this.rings()) {
      if (Atomics.load(control, Control.state) !== RingState.live) continue;
      const own = control[Control.nodeThread]!;
      if (own !== thread && control[Control.parent] !== thread) continue;
      Atomics.store(control, Control.state, RingState.ended);
      if (own !== thread) this.ended(own);
    }
  }

  /** Has the flusher hand out what it keeps back. */
  requestDump(): void {
    Atomics.store(this.#words, DUMP, 1);
  }

  takeDumpRequest(): boolean {
    return Atomics.exchange(this.#words, DUMP, 0) === 1;
  }

  /** Nobody listens any more. */
  deafen(): void {
    for (let index = 0; index < WORKER_RINGS; index++)
      Atomics.store(this.#ring(index).control, Control.deaf, 1);
  }

  #ring(index: number): SharedRing {
    this.#rings[index] ??= openRing(
      this.buffer,
      WORKER_ROWS,
      WORKER_DEFINITION_BYTES,
      HEADER_BYTES + index * RING_BYTES,
    );
    return this.#rings[index];
  }
}

/** When `performance.now()` of this thread was 0. */
function origin(): number {
  let best = Number.POSITIVE_INFINITY;
  // The quickest look is the most exact one.
  for (let look = 0; look < 3; look++) best = Math.min(best, nanoseconds() - performance.now() * 1e6);
  return best;
}
