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

/** Times further than this from their base start a new one, well before 32 bits of 64 ns are used up. */
const MAX_DT = 0xffff_0000;
/** After a loss, rows are taken again only once this share of the ring is free: no flapping. */
const RESUME_SHARE = 4;
/** Rows that one event may take: a base, a `wide` row, the row itself. */
const MAX_ROWS_AT_ONCE = 3;

/**
 * These processors make the stores of one thread visible in their order, as V8 emits them: then a plain store
 * publishes a row as well as an atomic one, which waits for all stores before it (ten nanoseconds, four times
 * as long as the row takes). Others need the atomic store, which costs little there.
 */
const STORES_IN_ORDER = process.arch === "x64" || process.arch === "ia32";

/**
 * A traced thread's end of its ring. A row costs some stores; a full ring drops rows and counts them, and
 * never makes the program wait.
 */
export class RingWriter {
  readonly #control: Int32Array;
  readonly #rows: Int32Array;
  readonly #bases: Float64Array;
  readonly #definitions: Uint8Array;
  readonly #capacity: number;
  readonly #mask: number;
  #head = 0;
  /** Rows that certainly have room: the reader's tail need not be looked at before. */
  #room: number;
  #definitionsHead = 0;
  #base = Number.NEGATIVE_INFINITY;
  #losing = false;
  #dropped = 0;
  /** Called when rows are taken again after some were lost: the reader's picture has holes. */
  onResume: () => void = () => {};

  constructor(ring: SharedRing) {
    this.#control = ring.control;
    this.#rows = ring.rows;
    this.#bases = ring.bases;
    this.#definitions = ring.definitions;
    this.#capacity = ring.rows.length / ROW_WORDS;
    this.#mask = this.#capacity - 1;
    this.#room = this.#capacity;
  }

  /** Nobody listens any more. */
  get deaf(): boolean {
    return Atomics.load(this.#control, Control.deaf) !== 0;
  }

  /** Whether rows are taken, and many more would be. */
  get roomy(): boolean {
    return this.#free() >= this.#capacity / RESUME_SHARE;
  }

  /** Definition bytes, a multiple of 4; false if they do not fit now. */
  define(bytes: Uint8Array): boolean {
    const used = (this.#definitionsHead - Atomics.load(this.#control, Control.definitionsTail)) >>> 0;
    const ring = this.#definitions;
    if (bytes.length > ring.length - used) return false;
    const at = this.#definitionsHead & (ring.length - 1);
    const first = bytes.subarray(0, ring.length - at);
    ring.set(first, at);
    ring.set(bytes.subarray(first.length), 0);
    this.#definitionsHead = (this.#definitionsHead + bytes.length) | 0;
    Atomics.store(this.#control, Control.definitionsHead, this.#definitionsHead);
    return true;
  }

  /**
   * One row; false if it was dropped.
   * @param time milliseconds since the program's time origin
   */
  row(time: number, kind: number, arg: number, site: number, task: number, lock: number): boolean {
    const dt = (time - this.#base) * DT_PER_MS;
    if (site > MAX_NARROW_SITE || dt > MAX_DT || this.#room < MAX_ROWS_AT_ONCE) {
      return this.#slowRow(time, kind, arg, site, task, lock, undefined);
    }
    const head = this.#head;
    writeRow(this.#rows, (head & this.#mask) * ROW_WORDS, dt, kind, arg, site, task, lock);
    this.#head = (head + 1) | 0;
    this.#room--;
    this.#publish();
    return true;
  }

  /** One row that has a value, an i32; false if it was dropped. */
  rowWithValue(
    time: number,
    kind: number,
    arg: number,
    site: number,
    task: number,
    lock: number,
    value: number,
  ): boolean {
    return this.#slowRow(time, kind, arg, site, task, lock, value);
  }

  /** Counts a row that cannot be written, and stops taking rows until there is plenty of room. */
  drop(): void {
    this.#losing = true;
    this.#room = 0;
    this.#dropped = (this.#dropped + 1) | 0;
    this.#control[Control.dropped] = this.#dropped;
  }

  #slowRow(
    time: number,
    kind: number,
    arg: number,
    site: number,
    task: number,
    lock: number,
    value: number | undefined,
  ): boolean {
    if (!this.#hasRoom()) return false;
    if (!((time - this.#base) * DT_PER_MS <= MAX_DT)) this.#rebase(time);
    const dt = (time - this.#base) * DT_PER_MS;
    const wideSite = site > MAX_NARROW_SITE;
    const wide = (wideSite ? WIDE_SITE : 0) | (value === undefined ? 0 : WIDE_VALUE);
    if (wide !== 0) writeWideRow(this.#rows, this.#next(), dt, wide, wideSite ? site : 0, value ?? 0);
    writeRow(this.#rows, this.#next(), dt, kind, arg, wideSite ? 0 : site, task, lock);
    this.#publish();
    return true;
  }

  #publish(): void {
    if (STORES_IN_ORDER) this.#control[Control.rowsHead] = this.#head;
    else Atomics.store(this.#control, Control.rowsHead, this.#head);
  }

  /** Word index of the next row. It is seen by the reader only once the head is stored. */
  #next(): number {
    const at = (this.#head & this.#mask) * ROW_WORDS;
    this.#head = (this.#head + 1) | 0;
    this.#room--;
    return at;
  }

  #rebase(time: number): void {
    const at = this.#next();
    this.#rows[at + 1] = BASE_ROW;
    this.#bases[(at + 2) / 2] = time;
    this.#base = time;
  }

  /** Room for a row with all that may come before it. */
  #hasRoom(): boolean {
    if (this.#room >= MAX_ROWS_AT_ONCE) return true;
    const free = this.#free();
    if (free < (this.#losing ? this.#capacity / RESUME_SHARE : MAX_ROWS_AT_ONCE)) {
      this.drop();
      return false;
    }
    this.#room = free;
    if (this.#losing) {
      this.#losing = false;
      this.onResume();
    }
    return this.#hasRoom();
  }

  #free(): number {
    return this.#capacity - ((this.#head - Atomics.load(this.#control, Control.rowsTail)) >>> 0);
  }
}
