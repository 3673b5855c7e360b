import { BATCH_HEADER_BYTES, type Batch, type BatchHeader, decodeBatchHeader } from "./batch.js";
import { readDefinitions } from "./definitions.js";
import { TraceFormatError } from "./format-error.js";
import { decodePrelude, MAX_PRELUDE_BYTES, type Prelude } from "./prelude.js";
import { ROW_BYTES } from "./row.js";

/** Where a stream stood when it ended. */
export interface StreamEnd {
  /** The stream stopped inside its first line or inside a batch: its tail is missing. */
  readonly truncated: boolean;
  /** Bytes of the incomplete tail, which are lost. */
  readonly pendingBytes: number;
  /** What made the rest unreadable, if anything did. */
  readonly error?: TraceFormatError;
}

/** What a whole trace in memory holds. */
export interface ReadTrace {
  readonly prelude: Prelude | undefined;
  readonly batches: Batch[];
  readonly end: StreamEnd;
}

const NEWLINE = 0x0a;
const FIRST_BUFFER = 4096;

/**
 * Cuts a stream of bytes into batches, however the bytes are chunked.
 *
 * Only the first line or the batch that is under way is buffered. Its announced length is checked against the
 * format's limits, and even then the buffer grows with the bytes that really come: a header that lies costs
 * its sender as much as us. After an error the reader stays broken, since nothing says where to go on.
 */
export class StreamReader {
  /** The stream's first line, once it has arrived. */
  prelude: Prelude | undefined;
  #needsPrelude: boolean;
  #buffer = new Uint8Array(FIRST_BUFFER);
  #filled = 0;
  /** Stream offset of the buffer's first byte. */
  #offset = 0;
  #header: BatchHeader | undefined;
  #error: TraceFormatError | undefined;

  /** @param options.prelude false for bytes that start with a batch (what a host hands to a viewer) */
  constructor(options: { readonly prelude?: boolean } = {}) {
    this.#needsPrelude = options.prelude ?? true;
  }

  /**
   * Takes the next bytes and returns the batches they complete. Keeps no reference to `chunk`.
   * @throws {TraceFormatError} if the bytes are not a trace. Batches completed by the same chunk are returned
   * first; the error then comes with the next call, and in {@link end}.
   */
  push(chunk: Uint8Array): Batch[] {
    if (this.#error !== undefined) throw this.#error;
    const batches: Batch[] = [];
    try {
      this.#read(chunk, batches);
    } catch (error) {
      if (batches.length === 0) throw error;
    }
    return batches;
  }

  /** To be called when the stream is over. */
  end(): StreamEnd {
    const end = { truncated: this.#filled > 0 || this.#needsPrelude, pendingBytes: this.#filled };
    return this.#error === undefined ? end : { ...end, error: this.#error };
  }

  #read(chunk: Uint8Array, batches: Batch[]): void {
    let at = this.#needsPrelude ? this.#readPrelude(chunk) : 0;
    while (at < chunk.length) {
      const target = this.#header === undefined ? BATCH_HEADER_BYTES : batchLength(this.#header);
      at += this.#fill(chunk, at, target);
      const batch = this.#advance();
      if (batch !== undefined) batches.push(batch);
    }
  }

  /** Consumes the first line as far as `chunk` has it; returns how many bytes that were. */
  #readPrelude(chunk: Uint8Array): number {
    const newline = chunk.indexOf(NEWLINE);
    const part = newline < 0 ? chunk.length : newline;
    if (this.#filled + part > MAX_PRELUDE_BYTES) this.#fail("its first line does not end");
    this.#fill(chunk, 0, this.#filled + part);
    if (newline < 0) return part;
    const prelude = decodePrelude(this.#buffer.subarray(0, this.#filled));
    if (typeof prelude === "string") this.#fail(prelude);
    this.prelude = prelude;
    this.#needsPrelude = false;
    this.#offset = this.#filled + 1;
    this.#filled = 0;
    return newline + 1;
  }

  /** Goes on once the header, or the batch, is complete. */
  #advance(): Batch | undefined {
    if (this.#header === undefined) {
      if (this.#filled < BATCH_HEADER_BYTES) return undefined;
      const header = decodeBatchHeader(this.#buffer);
      if (typeof header === "string") this.#fail(header);
      this.#header = header;
    }
    const header = this.#header;
    const length = batchLength(header);
    if (this.#filled < length) return undefined;
    const bytes = this.#takeBuffer(length);
    const rowsAt = BATCH_HEADER_BYTES + header.definitionBytes;
    const definitions = readDefinitions(bytes.subarray(BATCH_HEADER_BYTES, rowsAt));
    if (definitions === undefined) this.#fail("a batch's definitions are malformed");
    this.#header = undefined;
    this.#offset += length;
    return { header, definitions, rows: new Int32Array(bytes.buffer, rowsAt, (length - rowsAt) / 4), bytes };
  }

  /** Copies from `chunk` until the buffer holds `target` bytes or the chunk is used up. */
  #fill(chunk: Uint8Array, from: number, target: number): number {
    const count = Math.min(target - this.#filled, chunk.length - from);
    const needed = this.#filled + count;
    if (needed > this.#buffer.length) {
      const grown = new Uint8Array(needed === target ? target : Math.min(target, needed * 2));
      grown.set(this.#buffer.subarray(0, this.#filled));
      this.#buffer = grown;
    }
    this.#buffer.set(chunk.subarray(from, from + count), this.#filled);
    this.#filled = needed;
    return count;
  }

  /** The buffer itself where it has exactly the batch's size, which saves a copy of every full batch. */
  #takeBuffer(length: number): Uint8Array<ArrayBuffer> {
    this.#filled = 0;
    if (this.#buffer.length !== length) return this.#buffer.slice(0, length);
    const bytes = this.#buffer;
    this.#buffer = new Uint8Array(FIRST_BUFFER);
    return bytes;
  }

  #fail(message: string): never {
    this.#error = new TraceFormatError(message, this.#offset);
    this.#buffer = new Uint8Array(0);
    throw this.#error;
  }
}

function batchLength(header: BatchHeader): number {
  return BATCH_HEADER_BYTES + header.definitionBytes + header.rowCount * ROW_BYTES;
}

/**
 * Reads a whole trace that is in memory. It may be cut or damaged: the batches before that are given, and
 * `end` says what is missing.
 * @throws {TraceFormatError} if nothing of it can be read
 */
export function readTrace(bytes: Uint8Array): ReadTrace {
  const reader = new StreamReader();
  const batches = reader.push(bytes);
  return { prelude: reader.prelude, batches, end: reader.end() };
}
