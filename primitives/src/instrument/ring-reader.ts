import { type BatchInfo, CHUNK_ROWS, ROW_WORDS } from "@lockscope/trace";
import { BASE_ROW, Control, type SharedRing } from "./ring.js";

/** A batch's worth of what the ring held, copied out of it. */
export interface Chunk {
  readonly info: BatchInfo;
  readonly definitions: Uint8Array;
  readonly rows: Int32Array;
}

/** The flusher's end of the ring. */
export class RingReader {
  readonly #ring: SharedRing;
  readonly #capacity: number;
  #tail = 0;
  #definitionsTail = 0;
  #base = 0;
  /** Rows that the writer had dropped, as far as that has been handed on. */
  #lost = 0;
  /** Rows handed out so far. */
  #sent = 0;

  constructor(ring: SharedRing) {
    this.#ring = ring;
    this.#capacity = ring.rows.length / ROW_WORDS;
  }

  /**
   * The next chunk, freed in the ring; undefined when there is nothing new.
   * @param rowsHead how far the writer has come, or had when somebody looked
   */
  next(rowsHead = Atomics.load(this.#ring.control, Control.rowsHead)): Chunk | undefined {
    const { control } = this.#ring;
    // After the rows' head: whatever those rows name has been defined by now.
    const definitions = this.#takeDefinitions(Atomics.load(control, Control.definitionsHead));
    const rows = this.#takeRows((rowsHead - this.#tail) >>> 0);
    const lost = Atomics.load(control, Control.dropped);
    const dropped = (lost - this.#lost) >>> 0;
    this.#lost = lost;
    if (rows.length === 0 && definitions.length === 0 && dropped === 0) return undefined;
    const info = { ...this.position, dropped };
    this.#sent = (this.#sent + rows.length / ROW_WORDS) >>> 0;
    return { info, definitions, rows };
  }

  /** Where the rows handed out so far end. */
  get position(): { readonly base: number; readonly firstSeq: number } {
    return { base: this.#base, firstSeq: this.#sent };
  }

  /** Up to a chunk of rows that count from one base. */
  #takeRows(available: number): Int32Array {
    const { rows, bases, control } = this.#ring;
    const mask = this.#capacity - 1;
    const rowAt = (count: number) => ((this.#tail + count) & mask) * ROW_WORDS;
    const isBase = (count: number) => (rows[rowAt(count) + 1]! & 0xff) === BASE_ROW;
    let left = available;
    if (left > 0 && isBase(0)) {
      this.#base = bases[(rowAt(0) + 2) / 2]!;
      this.#tail = (this.#tail + 1) | 0;
      left--;
    }
    let count = 0;
    while (count < left && count < CHUNK_ROWS && !isBase(count)) count++;
    const taken = new Int32Array(count * ROW_WORDS);
    const start = rowAt(0);
    const first = rows.subarray(start, start + taken.length);
    taken.set(first);
    taken.set(rows.subarray(0, taken.length - first.length), first.length);
    this.#tail = (this.#tail + count) | 0;
    Atomics.store(control, Control.rowsTail, this.#tail);
    return taken;
  }

  #takeDefinitions(head: number): Uint8Array {
    const { definitions, control } = this.#ring;
    const length = (head - this.#definitionsTail) >>> 0;
    const taken = new Uint8Array(length);
    const at = this.#definitionsTail & (definitions.length - 1);
    const first = definitions.subarray(at, at + length);
    taken.set(first);
    taken.set(definitions.subarray(0, length - first.length), first.length);
    this.#definitionsTail = head;
    Atomics.store(control, Control.definitionsTail, head);
    return taken;
  }
}
