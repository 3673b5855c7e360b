/**
 * A row: 16 bytes, four 32-bit words, little-endian.
 *
 *     word 0   u32 dt      time since the batch's base, in units of 64 ns
 *     word 1   u8 kind | u8 arg | u16 site
 *     word 2   u32 task
 *     word 3   u32 lock
 *
 * A `wide` row belongs to the next row of its thread: word 2 is that row's site (0: none here), word 3 its i32
 * value, `arg` says which of the two count ({@link WIDE_SITE}, {@link WIDE_VALUE}).
 */
import { EventKind } from "./schema.js";

export const ROW_WORDS = 4;
export const ROW_BYTES = 16;
/** Rows a full ring chunk holds: 64 KiB. */
export const CHUNK_ROWS = 4096;
/** The most rows one batch may hold. */
export const MAX_ROWS = 0xffff;
/** One unit of a row's dt, in milliseconds (64 ns). */
export const DT_MS = 64e-6;
/** Units in a millisecond: `dt = (now - base) * DT_PER_MS`. */
export const DT_PER_MS = 15_625;
/** The longest time one batch can span, in milliseconds (274 s); start a new batch before that. */
export const MAX_BATCH_MS = 0xffff_ffff * DT_MS;
/** Sites above this need a `wide` row. */
export const MAX_NARROW_SITE = 0xffff;

export const WIDE_SITE = 1;
export const WIDE_VALUE = 2;

/**
 * Writes one row at word index `at`. Allocates nothing; small enough for the engine to inline.
 * @param dt units of 64 ns since the batch's base
 */
export function writeRow(
  words: Int32Array,
  at: number,
  dt: number,
  kind: number,
  arg: number,
  site: number,
  task: number,
  lock: number,
): void {
  words[at] = dt;
  words[at + 1] = kind | ((arg & 0xff) << 8) | (site << 16);
  words[at + 2] = task;
  words[at + 3] = lock;
}

/** Writes the `wide` row that must stand directly before the row it extends. */
export function writeWideRow(
  words: Int32Array,
  at: number,
  dt: number,
  has: number,
  site: number,
  value: number,
): void {
  writeRow(words, at, dt, EventKind.wide, has, 0, site, value);
}
