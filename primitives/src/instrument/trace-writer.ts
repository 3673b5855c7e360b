import type { DefinitionWriter } from "@lockscope/trace";
import { Control, type SharedRing } from "./ring.js";
import { RingWriter } from "./ring-writer.js";

const STEP_MS = 2;
const PIECE_BYTES = 16 * 1024;

/** One thread's part of the trace: definitions and rows go in, the flusher carries them away. */
export class TraceWriter {
  readonly definitions: DefinitionWriter;
  readonly #control: Int32Array;
  readonly #writer: RingWriter;
  /** Definitions that found no room yet. Until they have, rows that may name them are dropped. */
  readonly #held: Uint8Array[] = [];

  constructor(ring: SharedRing, definitions: DefinitionWriter) {
    this.definitions = definitions;
    this.#control = ring.control;
    this.#writer = new RingWriter(ring);
  }

  /** Nobody listens any more. */
  get deaf(): boolean {
    return this.#writer.deaf;
  }

  set onResume(restate: () => void) {
    this.#writer.onResume = restate;
  }

  /** See {@link RingWriter.row}. */
  row(time: number, kind: number, arg: number, site: number, task: number, lock: number): boolean {
    if (this.definitions.length > 0 || this.#held.length > 0) {
      if (!this.#shipDefinitions()) return this.#drop();
    }
    return this.#writer.row(time, kind, arg, site, task, lock);
  }

  /** See {@link RingWriter.rowWithValue}. */
  rowWithValue(
    time: number,
    kind: number,
    arg: number,
    site: number,
    task: number,
    lock: number,
    value: number,
  ): boolean {
    if (!this.#shipDefinitions()) return this.#drop();
    return this.#writer.rowWithValue(time, kind, arg, site, task, lock, value);
  }

  /** The thread ends: from here on it may wait a little, so that its last rows are not lost. */
  makeRoom(patienceMs: number): void {
    for (let waited = 0; waited < patienceMs && !this.deaf; waited += STEP_MS) {
      if (this.#shipDefinitions() && this.#writer.roomy) return;
      Atomics.wait(this.#control, Control.done, 0, STEP_MS);
    }
  }

  #drop(): false {
    this.#writer.drop();
    return false;
  }

  /** Whether all definitions are on their way. They go in pieces, since a piece must fit the ring. */
  #shipDefinitions(): boolean {
    const { definitions } = this;
    if (definitions.length === 0 && this.#held.length === 0) return true;
    if (this.#held.length === 0 || definitions.length > PIECE_BYTES) this.#held.push(definitions.take());
    while (this.#held.length > 0) {
      if (!this.#writer.define(this.#held[0]!)) return false;
      this.#held.shift();
      if (definitions.length > 0) this.#held.push(definitions.take());
    }
    return true;
  }
}
