import {
  DT_PER_MS,
  MAX_NARROW_SITE,
  ROW_WORDS,
  WIDE_SITE,
  WIDE_VALUE,
  writeRow,
  writeWideRow,
} from "@lockscope/trace";
import { BASE_ROW, Control, type SharedRing } from "./ring.js";

/** Rows longer than this after their base start a new one, well before 32 bits of 64 ns are used up. */
const MAX_DT = 0xffff_0000;
/** After a loss, rows are taken again only once this share of the ring is free: no flapping. */
const RESUME_SHARE = 4;

/**
 * The traced thread's end of the ring. A row costs some stores and one atomic store; a full ring drops
 * rows and counts them, and never makes the program wait.
 */
export class RingWriter {
  readonly #ring: SharedRing;
  readonly #capacity: number;
  #head = 0;
  /** The tail as last seen; the reader may have moved on. */
  #tail = 0;
  #definitionsHead = 0;
  #base = Number.NEGATIVE_INFINITY;
  #losing = false;
  /** Called when rows are taken again after some were lost: the reader's picture has holes. */
  onResume: () => void = () => {};

  constructor(ring: SharedRing) {
    this.#ring = ring;
    this.#capacity = ring.rows.length / ROW_WORDS;
  }

  get deaf(): boolean {
    return this.#ring.control[Control.deaf] !== 0;
  }

  /** Whether rows are taken, and many more would be. */
  get roomy(): boolean {
    this.#tail = Atomics.load(this.#ring.control, Control.rowsTail);
    return this.#free() >= this.#capacity / RESUME_SHARE;
  }

  /** Definition bytes, a multiple of 4; false if they do not fit now. */
  define(bytes: Uint8Array): boolean {
    const { control, definitions } = this.#ring;
    const used = (this.#definitionsHead - Atomics.load(control, Control.definitionsTail)) >>> 0;
    if (bytes.length > definitions.length - used) return false;
    const at = this.#definitionsHead & (definitions.length - 1);
    const first = bytes.subarray(0, definitions.length - at);
    definitions.set(first, at);
    definitions.set(bytes.subarray(first.length), 0);
    this.#definitionsHead = (this.#definitionsHead + bytes.length) | 0;
    Atomics.store(control, Control.definitionsHead, this.#definitionsHead);
    return true;
  }

  /**
   * One row (and the `wide` row before it that a large site or a value needs).
   * @param time milliseconds since the program's time origin
   * @param value NaN if the row has none
   */
  row(
    time: number,
    kind: number,
    arg: number,
    site: number,
    task: number,
    lock: number,
    value = Number.NaN,
  ): void {
    if (!this.#hasRoom()) return;
    let dt = (time - this.#base) * DT_PER_MS;
    if (!(dt <= MAX_DT)) {
      this.#rebase(time);
      dt = 0;
    }
    const { rows } = this.#ring;
    const wide = (site > MAX_NARROW_SITE ? WIDE_SITE : 0) | (Number.isNaN(value) ? 0 : WIDE_VALUE);
    if (wide !== 0) {
      writeWideRow(rows, this.#next(), dt, wide, wide & WIDE_SITE ? site : 0, value | 0);
      writeRow(rows, this.#next(), dt, kind, arg, wide & WIDE_SITE ? 0 : site, task, lock);
    } else {
      writeRow(rows, this.#next(), dt, kind, arg, site, task, lock);
    }
    Atomics.store(this.#ring.control, Control.rowsHead, this.#head);
  }

  /** Counts a row that cannot be written, and stops taking rows until there is plenty of room. */
  drop(): void {
    this.#losing = true;
    Atomics.add(this.#ring.control, Control.dropped, 1);
  }

  /** Word index of the next row. It is seen by the reader only once the head is stored. */
  #next(): number {
    const at = (this.#head & (this.#capacity - 1)) * ROW_WORDS;
    this.#head = (this.#head + 1) | 0;
    return at;
  }

  #rebase(time: number): void {
    const at = this.#next();
    this.#ring.rows[at + 1] = BASE_ROW;
    this.#ring.bases[(at + 2) / 2] = time;
    this.#base = time;
  }

  /** Room for a row with all that may come before it. */
  #hasRoom(): boolean {
    if (!this.#losing && this.#free() >= 3) return true;
    this.#tail = Atomics.load(this.#ring.control, Control.rowsTail);
    const free = this.#free();
    if (free < (this.#losing ? this.#capacity / RESUME_SHARE : 3)) {
      this.drop();
      return false;
    }
    if (this.#losing) {
      this.#losing = false;
      this.onResume();
    }
    return true;
  }

  #free(): number {
    return this.#capacity - ((this.#head - this.#tail) >>> 0);
  }
}
