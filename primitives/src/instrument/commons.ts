/**
 * What the traced threads of a program share: the number of the next thread and of the next block of ids, the
 * origin of time, and a ring for each worker. The main thread makes it before there are workers; they find
 * it in their environment data, as their own workers do.
 *
 * Rings stand in one piece of memory, so that whoever carries the trace away finds those of threads that it
 * was never told of, even while all other threads are frozen. It grows by a ring where there are more threads than ever
 * before; addresses for more cost nothing.
 */
import { getEnvironmentData, setEnvironmentData, threadId } from "node:worker_threads";
import { nanoseconds } from "./clock.js";
import type { Config } from "./config.js";
import { Control, openRing, RingState, ringBytes, type SharedRing } from "./ring.js";
import { SignalBoard } from "./signals.js";

/** More workers at a time go untraced. */
export const MAX_WORKERS = 1024;
const WORKER_ROWS = 2 ** 16;
const WORKER_DEFINITION_BYTES = 2 ** 16;

/** Words before the rings. */
const NEXT_BLOCK = 0;
const NEXT_THREAD = 1;
/** Somebody wants what the flusher keeps back. */
const DUMP = 4;
/** Two words, a double. */
const ORIGIN = 2;
/** Workers that found no ring. */
const LEFT_OUT = 5;
/** Nobody listens any more. */
const DEAF = 10;
const SIGNALS_AT = 24;
const HEADER_BYTES = 64;

const RING_BYTES = ringBytes(WORKER_ROWS, WORKER_DEFINITION_BYTES);
const KEY = "@lockscope/trace";

/** As ES2024 has it. */
interface GrowableBuffer extends SharedArrayBuffer {
  grow(bytes: number): void;
}
const Growable = SharedArrayBuffer as unknown as new (
  bytes: number,
  options: { readonly maxByteLength: number },
) => GrowableBuffer;

/** What threads hand each other to share. */
export interface CommonMemory {
  readonly header: SharedArrayBuffer;
  readonly rings: GrowableBuffer;
}

/** What a thread leaves for its workers. */
interface Legacy {
  readonly memory: CommonMemory;
  readonly config: Config;
  /** Node's number of the thread. */
  readonly parent: number;
}

export class Commons {
  readonly memory: CommonMemory;
  readonly signals: SignalBoard;
  readonly #words: Int32Array;
  readonly #origin: Float64Array;
  /** Views of the rings that somebody asked for. */
  readonly #rings: SharedRing[] = [];

  constructor(memory: CommonMemory) {
    const { header } = memory;
    this.memory = memory;
    this.#words = new Int32Array(header);
    this.#origin = new Float64Array(header, ORIGIN * 4, 1);
    this.signals = new SignalBoard(header, SIGNALS_AT);
  }

  /** The main thread's: nobody else has any yet. */
  static create(config: Config): Commons {
    const commons = new Commons({
      header: new SharedArrayBuffer(HEADER_BYTES),
      rings: new Growable(0, { maxByteLength: MAX_WORKERS * RING_BYTES }),
    });
    commons.#origin[0] = origin();
    commons.#words[NEXT_THREAD] = 1;
    const legacy: Legacy = { memory: commons.memory, config, parent: threadId };
    setEnvironmentData(KEY, legacy);
    return commons;
  }

  /** A worker's: what its parent has left for it; undefined if that is not traced. */
  static inherited(): (Omit<Legacy, "memory"> & { readonly commons: Commons }) | undefined {
    const legacy = getEnvironmentData(KEY) as unknown as Legacy | undefined;
    if (legacy === undefined) return undefined;
    const { memory, config, parent } = legacy;
    setEnvironmentData(KEY, { ...legacy, parent: threadId });
    return { commons: new Commons(memory), config, parent };
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
    if (Atomics.load(this.#words, DEAF) !== 0) return undefined;
    for (let index = 0; index < this.#ringCount || this.#makeRing(index); index++) {
      const ring = this.#ring(index);
      const { control } = ring;
      if (Atomics.compareExchange(control, Control.state, RingState.free, RingState.claimed) !== 0) continue;
      control[Control.thread] = this.nextThread();
      control[Control.nodeThread] = threadId;
      control[Control.parent] = parent;
      Atomics.store(control, Control.state, RingState.live);
      return ring;
    }
    Atomics.add(this.#words, LEFT_OUT, 1);
    return undefined;
  }

  /** The number of one more thread in the trace, in its lower half; the upper one tells it from those before. */
  nextThread(): number {
    return Atomics.add(this.#words, NEXT_THREAD, 1);
  }

  /** How many workers have found no ring. */
  get leftOut(): number {
    return Atomics.load(this.#words, LEFT_OUT);
  }

  /** Those in use, or used by a thread that has ended and not yet emptied. */
  rings(): SharedRing[] {
    const used: SharedRing[] = [];
    for (let index = 0; index < this.#ringCount; index++) {
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
    Atomics.store(this.#words, DEAF, 1);
    for (let index = 0; index < this.#ringCount; index++)
      Atomics.store(this.#ring(index).control, Control.deaf, 1);
  }

  get #ringCount(): number {
    return this.memory.rings.byteLength / RING_BYTES;
  }

  /** Sees to it that there is a ring of this number; false if there can be no more. */
  #makeRing(index: number): boolean {
    const { rings } = this.memory;
    const end = (index + 1) * RING_BYTES;
    if (index >= MAX_WORKERS) return false;
    try {
      rings.grow(end);
    } catch (error) {
      // No memory, or other threads have made more of them in the meantime.
      if (!(error instanceof RangeError)) throw error;
    }
    return rings.byteLength >= end;
  }

  #ring(index: number): SharedRing {
    const { rings } = this.memory;
    this.#rings[index] ??= openRing(rings, WORKER_ROWS, WORKER_DEFINITION_BYTES, index * RING_BYTES);
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
