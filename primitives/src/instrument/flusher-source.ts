import { BatchFlag, DT_MS, encodeBatch, ROW_WORDS } from "@lockscope/trace";
import { Control, RingState, type SharedRing } from "./ring.js";
import { type Chunk, RingReader } from "./ring-reader.js";

const nothing = { definitions: new Uint8Array(0), rows: new Int32Array(0) };

/** One thread's ring, as the flusher sees it. */
export class Source {
  readonly ring: SharedRing;
  readonly #reader: RingReader;
  readonly #numbers: { readonly thread: number; readonly generation: number };
  /** Nothing of before this time is missing, as the reader has been told; in milliseconds. */
  #said = 0;
  /** The reader has heard of the thread. */
  #known = false;
  /** Rounds since its thread was found to have ended, and its ring to be empty. */
  rest = 0;

  constructor(ring: SharedRing) {
    this.ring = ring;
    this.#reader = new RingReader(ring);
    const number = ring.control[Control.thread]!;
    this.#numbers = { thread: number & 0xffff, generation: number >>> 16 };
  }

  /** The thread's number in batches. */
  get thread(): number {
    return this.#numbers.thread;
  }

  /** Its thread writes no more. To be asked before the ring is looked at, which then holds all there will be. */
  get ended(): boolean {
    return Atomics.load(this.ring.control, Control.state) === RingState.ended;
  }

  /** How far its thread has come, for {@link next}. */
  get head(): number {
    return Atomics.load(this.ring.control, Control.rowsHead);
  }

  /**
   * A batch of what there was at `head`; undefined if there is no more. A thread that writes on and on must not
   * keep us from the others.
   */
  next(head: number): { readonly bytes: Uint8Array<ArrayBuffer>; readonly rows: number } | undefined {
    const chunk = this.#reader.next(head);
    if (chunk === undefined) return undefined;
    const rows = chunk.rows.length / ROW_WORDS;
    if (rows > 0) this.#said = chunk.info.base + (chunk.rows.at(-ROW_WORDS)! >>> 0) * DT_MS;
    return { bytes: this.#encode(chunk), rows };
  }

  /** An empty batch that says no more than that the thread is there; undefined if that is known. */
  introduction(): Uint8Array<ArrayBuffer> | undefined {
    if (this.#known) return undefined;
    return this.#encode({ ...nothing, info: { ...this.#reader.position, base: 0 } });
  }

  /** An empty batch that says that nothing of before `time` is missing; undefined if that is no news. */
  watermark(time: number): Uint8Array<ArrayBuffer> | undefined {
    if (time <= this.#said) return undefined;
    this.#said = time;
    return this.#encode({ ...nothing, info: { ...this.#reader.position, base: time } });
  }

  /**
   * The thread's last batch.
   * @param rows what is to be said in its place, of the moment `time`
   */
  last(time: number, rows: Int32Array = nothing.rows): Uint8Array<ArrayBuffer> {
    const { firstSeq } = this.#reader.position;
    return this.#encode({ ...nothing, rows, info: { firstSeq, base: time, flags: BatchFlag.last } });
  }

  /** It is empty, and its thread gone: another one may have it. */
  free(): void {
    const { control } = this.ring;
    for (const word of [
      Control.rowsHead,
      Control.rowsTail,
      Control.definitionsHead,
      Control.definitionsTail,
    ]) {
      Atomics.store(control, word, 0);
    }
    Atomics.store(control, Control.dropped, 0);
    Atomics.store(control, Control.state, RingState.free);
  }

  #encode({ info, definitions, rows }: Chunk): Uint8Array<ArrayBuffer> {
    this.#known = true;
    return encodeBatch({ ...info, ...this.#numbers }, definitions, rows);
  }
}
