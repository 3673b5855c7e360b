import { BatchFlag, encodeBatch } from "./batch.js";
import { DefinitionWriter, ID_BLOCK } from "./definitions.js";
import { encodePrelude, type ProgramMeta } from "./prelude.js";
import {
  DT_PER_MS,
  MAX_BATCH_MS,
  MAX_NARROW_SITE,
  ROW_WORDS,
  WIDE_SITE,
  WIDE_VALUE,
  writeRow,
  writeWideRow,
} from "./row.js";
import { EventKind, type LockKind } from "./schema.js";

/** What one row says; what is left out is 0. */
export interface RowFields {
  readonly kind: EventKind;
  readonly arg?: number;
  readonly task?: number;
  readonly lock?: number;
  readonly site?: number;
  /** Written as a `wide` row before this one. */
  readonly value?: number;
}

/**
 * Builds a trace in memory, a row at a time: for tests, samples and converters from other formats. A running
 * program writes its rows into a ring instead (`writeRow`).
 */
export class TraceBuilder {
  readonly definitions = new DefinitionWriter();
  /** Finished batches. */
  readonly batches: Uint8Array<ArrayBuffer>[] = [];
  readonly #thread: number;
  readonly #rowsPerBatch: number;
  readonly #words: Int32Array;
  #used = 0;
  #base = 0;
  #written = 0;
  #nextId: number;
  /** The time that the next rows get, in milliseconds. */
  time = 0;

  constructor(options: { readonly thread?: number; readonly rowsPerBatch?: number } = {}) {
    this.#thread = options.thread ?? 0;
    this.#nextId = this.#thread * ID_BLOCK + 1;
    this.#rowsPerBatch = options.rowsPerBatch ?? 4096;
    this.#words = new Int32Array(this.#rowsPerBatch * ROW_WORDS);
  }

  site(file: string, line: number, column = 1, func = "", parent = 0): number {
    return this.definitions.site(file, line, column, func, parent);
  }

  /** Defines a task and writes its start; returns its id. */
  task(name: string, site = 0, parent = 0): number {
    const id = this.#nextId++;
    this.definitions.task(id, parent, this.#thread, site, name);
    this.row({ kind: EventKind.taskStart, task: id, site });
    return id;
  }

  /** Defines a lock; returns its id. */
  lock(kind: LockKind, name: string, site = 0, capacity = 0): number {
    const id = this.#nextId++;
    this.definitions.lock(id, kind, site, name, capacity);
    return id;
  }

  row({ kind, arg = 0, task = 0, lock = 0, site = 0, value }: RowFields): void {
    const wideSite = site > MAX_NARROW_SITE;
    const wide = (wideSite ? WIDE_SITE : 0) | (value === undefined ? 0 : WIDE_VALUE);
    const full = this.#used + (wide === 0 ? 1 : 2) > this.#rowsPerBatch;
    if (full || (this.#used > 0 && this.time - this.#base > MAX_BATCH_MS)) this.flush();
    if (this.#used === 0) this.#base = this.time;
    const dt = Math.round((this.time - this.#base) * DT_PER_MS);
    if (wide !== 0) {
      writeWideRow(this.#words, this.#used++ * ROW_WORDS, dt, wide, wideSite ? site : 0, value ?? 0);
    }
    writeRow(this.#words, this.#used++ * ROW_WORDS, dt, kind, arg, wideSite ? 0 : site, task, lock);
  }

  /** Ends the batch under way. */
  flush(options: { readonly dropped?: number; readonly last?: boolean } = {}): void {
    const info = {
      thread: this.#thread,
      base: this.#used === 0 ? this.time : this.#base,
      firstSeq: this.#written,
      dropped: options.dropped ?? 0,
      flags: options.last ? BatchFlag.last : 0,
    };
    const rows = this.#words.subarray(0, this.#used * ROW_WORDS);
    this.batches.push(encodeBatch(info, this.definitions.take(), rows));
    this.#written += this.#used;
    this.#used = 0;
  }

  /** All batches in one buffer, without the first line: what a viewer is handed. */
  bytes(): Uint8Array<ArrayBuffer> {
    if (this.#used > 0 || this.definitions.length > 0) this.flush();
    return concat(this.batches);
  }

  /** The whole trace as a file holds it. */
  file(pid: number, meta: ProgramMeta): Uint8Array<ArrayBuffer> {
    return concat([encodePrelude({ pid, meta }), this.bytes()]);
  }
}

function concat(parts: readonly Uint8Array[]): Uint8Array<ArrayBuffer> {
  const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
  return all;
}
