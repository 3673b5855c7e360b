/**
 * The memory that a traced thread and the flusher share: a ring of rows, a ring of definition bytes,
 * and a few words of control. One writes, one reads, neither ever waits for the other.
 *
 * Definitions first: the writer puts a definition in before the first row that uses its id. The reader
 * looks at the rows' head and only then at the definitions' head, so the definitions it takes cover all
 * the rows it takes.
 */
import { ROW_WORDS } from "@lockscope/trace";

export const RING_ROWS = 2 ** 19;
export const RING_DEFINITION_BYTES = 2 ** 22;

/** Words of {@link SharedRing.control}. Heads and tails count up and wrap at 2^32. */
export const Control = {
  rowsHead: 0,
  rowsTail: 1,
  definitionsHead: 2,
  definitionsTail: 3,
  /** Rows that found no room; counts up and wraps. Nothing hangs on its being seen at once. */
  dropped: 4,
  /** The writer is about to end: send what is left. */
  stop: 5,
  /** The reader has sent everything, or has given up. */
  done: 6,
  /** Nobody listens any more: no need to write. */
  deaf: 7,
  /** How many deadlocks the reader has told of, of the main thread's ring. */
  told: 12,
  /** {@link RingState}, of a worker's ring. */
  state: 8,
  /** The thread's number in the trace: the lower half as batches have it, the upper one its generation. */
  thread: 9,
  /** Node's number of the thread, and of the one that started it. */
  nodeThread: 10,
  parent: 11,
} as const;

/** Whose a worker's ring is. */
export const RingState = {
  free: 0,
  /** Somebody is about to have it. */
  claimed: 1,
  live: 2,
  /** Its thread has ended; what is in it has yet to be sent. */
  ended: 3,
} as const;

/**
 * A row for the reader alone: from here on, times count from the base (milliseconds, a double) in its
 * last two words.
 */
export const BASE_ROW = 0xff;

export interface SharedRing {
  readonly control: Int32Array;
  readonly rows: Int32Array;
  /** The same memory as `rows`: for the base in a base row. */
  readonly bases: Float64Array;
  readonly definitions: Uint8Array;
}

const CONTROL_BYTES = 64;

/** What a ring of these sizes takes; both must be powers of two. */
export function ringBytes(rows: number, definitionBytes: number): number {
  return CONTROL_BYTES + rows * ROW_WORDS * 4 + definitionBytes;
}

export function createRing(rows = RING_ROWS, definitionBytes = RING_DEFINITION_BYTES): SharedArrayBuffer {
  return new SharedArrayBuffer(ringBytes(rows, definitionBytes));
}

/** The views of a ring in `buffer`, from `at` on. */
export function openRing(
  buffer: SharedArrayBuffer,
  rows = RING_ROWS,
  definitionBytes = RING_DEFINITION_BYTES,
  at = 0,
): SharedRing {
  const rowsAt = at + CONTROL_BYTES;
  const rowBytes = rows * ROW_WORDS * 4;
  return {
    control: new Int32Array(buffer, at, CONTROL_BYTES / 4),
    rows: new Int32Array(buffer, rowsAt, rows * ROW_WORDS),
    bases: new Float64Array(buffer, rowsAt, (rows * ROW_WORDS) / 2),
    definitions: new Uint8Array(buffer, rowsAt + rowBytes, definitionBytes),
  };
}
