/**
 * A batch: header, definitions, rows. The header's 32 bytes, little-endian:
 *
 *      0  u32  magic "LSB1"
 *      4  u8   version        5  u8   flags        6  u16  thread
 *      8  f64  base           time of dt 0, in milliseconds since the program's time origin
 *     16  u32  first seq      rows this thread has written before this batch (mod 2^32)
 *     20  u32  dropped        rows this thread had to drop since its previous batch
 *     24  u32  length of the definitions, a multiple of 4
 *     28  u16  rows          30  u16  generation
 */
import type { Definition } from "./definitions.js";
import { MAX_ROWS, ROW_BYTES } from "./row.js";

export const BATCH_MAGIC = 0x3142_534c;
export const BATCH_VERSION = 1;
export const BATCH_HEADER_BYTES = 32;
/** The most definition bytes one batch may hold; a reader refuses more before it allocates. */
export const MAX_DEFINITION_BYTES = 16 * 1024 * 1024;

export const BatchFlag = {
  /** The thread's last batch: it ended in order. */
  last: 1,
} as const;

export interface BatchHeader {
  readonly version: number;
  readonly flags: number;
  readonly thread: number;
  /** Strings and sites are numbered afresh when this changes. */
  readonly generation: number;
  readonly firstSeq: number;
  /** Milliseconds since the program's time origin. */
  readonly base: number;
  readonly rowCount: number;
  readonly dropped: number;
  readonly definitionBytes: number;
}

export interface Batch {
  readonly header: BatchHeader;
  readonly definitions: readonly Definition[];
  /** `header.rowCount` rows of {@link ROW_WORDS} words. */
  readonly rows: Int32Array;
  /** The whole batch as it came, in its own buffer: what a host hands on to a viewer. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** What a writer says of a batch; the rest follows from its parts. */
export interface BatchInfo {
  readonly thread?: number;
  readonly generation?: number;
  readonly firstSeq?: number;
  readonly base: number;
  readonly dropped?: number;
  readonly flags?: number;
}

/** Writes the 32 bytes at `offset` of `view`. */
export function encodeBatchHeader(
  view: DataView,
  offset: number,
  info: BatchInfo,
  definitionBytes: number,
  rowCount: number,
): void {
  if (rowCount > MAX_ROWS) throw new RangeError(`a batch holds at most ${MAX_ROWS} rows, not ${rowCount}`);
  if (definitionBytes % 4 !== 0 || definitionBytes > MAX_DEFINITION_BYTES) {
    throw new RangeError(`definitions of ${definitionBytes} bytes do not fit a batch`);
  }
  view.setUint32(offset, BATCH_MAGIC, true);
  view.setUint8(offset + 4, BATCH_VERSION);
  view.setUint8(offset + 5, info.flags ?? 0);
  view.setUint16(offset + 6, info.thread ?? 0, true);
  view.setFloat64(offset + 8, info.base, true);
  view.setUint32(offset + 16, info.firstSeq ?? 0, true);
  view.setUint32(offset + 20, info.dropped ?? 0, true);
  view.setUint32(offset + 24, definitionBytes, true);
  view.setUint16(offset + 28, rowCount, true);
  view.setUint16(offset + 30, info.generation ?? 0, true);
}

/** One batch in one buffer. `definitions` is what {@link DefinitionWriter.take} gave. */
export function encodeBatch(
  info: BatchInfo,
  definitions: Uint8Array,
  rows: Int32Array,
): Uint8Array<ArrayBuffer> {
  const rowBytes = new Uint8Array(rows.buffer, rows.byteOffset, rows.byteLength);
  const bytes = new Uint8Array(BATCH_HEADER_BYTES + definitions.length + rowBytes.length);
  encodeBatchHeader(new DataView(bytes.buffer), 0, info, definitions.length, rows.byteLength / ROW_BYTES);
  bytes.set(definitions, BATCH_HEADER_BYTES);
  bytes.set(rowBytes, BATCH_HEADER_BYTES + definitions.length);
  return bytes;
}

/** Reads the header at the start of `bytes` (at least 32 of them). A string result says what is wrong. */
export function decodeBatchHeader(bytes: Uint8Array): BatchHeader | string {
  const view = new DataView(bytes.buffer, bytes.byteOffset, BATCH_HEADER_BYTES);
  if (view.getUint32(0, true) !== BATCH_MAGIC) return "a batch does not start with its magic number";
  const header: BatchHeader = {
    version: view.getUint8(4),
    flags: view.getUint8(5),
    thread: view.getUint16(6, true),
    base: view.getFloat64(8, true),
    firstSeq: view.getUint32(16, true),
    dropped: view.getUint32(20, true),
    definitionBytes: view.getUint32(24, true),
    rowCount: view.getUint16(28, true),
    generation: view.getUint16(30, true),
  };
  if (header.version !== BATCH_VERSION) {
    return `a batch has version ${header.version}, this reader knows version ${BATCH_VERSION}`;
  }
  if (!Number.isFinite(header.base) || header.base < 0) return "a batch's base time is not a time";
  if (header.definitionBytes > MAX_DEFINITION_BYTES) return "a batch's definitions are too long";
  if (header.definitionBytes % 4 !== 0) return "a batch's definitions are not padded";
  return header;
}
