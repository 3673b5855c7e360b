import { EventEmitter } from "node:events";
import {
  type Batch,
  EndReason,
  encodePrelude,
  type Prelude,
  type SessionEnd,
  type SessionInfo,
  type StreamReader,
  TraceFormatError,
  TraceStore,
} from "@lockscope/trace";
import { SessionAlarms } from "./alarms.js";

/** A session that grows beyond this many bytes is cut: the editor must not run out of memory for it. */
export const MAX_SESSION_BYTES = 512 * 1024 * 1024;

const DUMPED = "The last events that the program had in its memory; it goes on.";

export interface EndOfSession {
  readonly reason: SessionEnd;
  readonly message?: string;
}

export interface SessionOptions {
  /** What the user calls it; by default the program's name and its process id. */
  readonly name?: string;
  /** The program keeps its last rows in memory and delivers them on demand. */
  readonly canDump?: boolean;
  /** It comes from a file, not from a program that runs. */
  readonly recorded?: boolean;
  /** The most bytes that are kept. */
  readonly limit?: number;
}

/**
 * One traced process, live or from a file: the bytes of its trace, and what they say so far.
 *
 * `data` is emitted when batches have arrived, `end` once, when no more will come.
 */
export class TraceSession extends EventEmitter<{ data: []; end: [] }> {
  readonly store = new TraceStore();
  readonly alarms: SessionAlarms;
  /** All batches, in the order of their arrival. */
  readonly batches: Batch[] = [];
  end: EndOfSession | undefined;
  /** Bytes of its file that are known to be there and have not been read yet. */
  unread = 0;
  readonly #reader: StreamReader;
  readonly #options: SessionOptions;
  #bytes = 0;

  /**
   * @param reader the stream's reader; it has read the first line
   * @param prelude that first line
   */
  constructor(
    readonly id: string,
    reader: StreamReader,
    readonly prelude: Prelude,
    options: SessionOptions = {},
  ) {
    super();
    this.#reader = reader;
    this.#options = options;
    this.alarms = new SessionAlarms(this);
  }

  /** It is read from a file: the present is as far as that goes. */
  get recorded(): boolean {
    return this.#options.recorded ?? false;
  }

  get info(): SessionInfo {
    const { meta, pid } = this.prelude;
    const { name = `${meta.program || "node"} (${pid})`, canDump = false } = this.#options;
    return { id: this.id, name, meta, canExport: true, canDump };
  }

  /** How many there are in its batches. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The program's name alone. */
  get program(): string {
    return this.prelude.meta.program || "the program";
  }

  /** Takes batches that the reader has completed. */
  append(batches: readonly Batch[]): void {
    if (this.end !== undefined || batches.length === 0) return;
    for (const batch of batches) {
      this.store.append(batch);
      this.batches.push(batch);
      this.#bytes += batch.bytes.length;
    }
    this.emit("data");
    const { limit = MAX_SESSION_BYTES } = this.#options;
    if (this.#bytes > limit) {
      const mebibytes = Math.round(limit / 1024 / 1024);
      this.finish({
        reason: "broken",
        message: `The trace is longer than ${mebibytes} MiB; here it was cut.`,
      });
    }
  }

  /** Takes the next bytes of the stream. Bytes that are no trace end the session. */
  receive(chunk: Uint8Array): void {
    if (this.end !== undefined) return;
    try {
      this.append(this.#reader.push(chunk));
    } catch (error) {
      if (!(error instanceof TraceFormatError)) throw error;
      this.finish({ reason: "malformed", message: error.message });
    }
  }

  /**
   * To be called when the connection, or the file, is over.
   * @param why there is no more, if the program has not said its last word
   */
  close(why?: string): void {
    if (this.end !== undefined) return;
    // Else the program's last word might still wait for a thread that was cut off.
    this.store.finish();
    const { truncated, error } = this.#reader.end();
    if (error !== undefined) this.finish({ reason: "malformed", message: error.message });
    else if (this.store.end === undefined && !truncated && this.info.canDump) {
      this.finish({ reason: "dumped", message: DUMPED });
    } else if (this.store.end === undefined || truncated) {
      this.finish({ reason: "broken", ...(why !== undefined && { message: why }) });
    } else this.finish({ reason: this.store.end.reason === EndReason.stuck ? "stuck" : "exited" });
  }

  /** Nothing more will come; a second end changes nothing. */
  finish(end: EndOfSession): void {
    if (this.end !== undefined) return;
    this.store.finish();
    this.end = end;
    this.emit("end");
  }

  /** The whole trace as a file holds it: without the token, which is nobody else's business. */
  *fileParts(): Iterable<Uint8Array> {
    const { pid, meta } = this.prelude;
    yield encodePrelude({ pid, meta });
    for (const batch of this.batches) yield batch.bytes;
  }
}
