import { type FileHandle, open } from "node:fs/promises";
import { basename } from "node:path";
import { PRELUDE_VERSION, type Prelude, StreamReader, TraceFormatError } from "@lockscope/trace";
import { type EndOfSession, TraceSession } from "./session.js";
import { Sessions } from "./sessions.js";

/** Read at a time: the editor goes on in between. */
const PIECE_BYTES = 1024 * 1024;
/** A file whose program has said its last word is complete when nothing was written to it for so long. */
const SETTLED_MS = 500;
/** A file without that word is given up when nothing was written to it for so long: the program was killed. */
const QUIET_MS = 10_000;
/** So much of a file tells whether it is still the one that was read before. */
const HEAD_BYTES = 512;

/**
 * A trace in a file, as a session that grows while the file does. A damaged file gives what can be read of it and
 * the reason. A file that was replaced gives a new session; the list then holds that one instead.
 */
export class TraceFile {
  readonly sessions = new Sessions();
  #reader = new StreamReader();
  #session: TraceSession | undefined;
  #head = new Uint8Array(0);
  #position = 0;
  #round = 0;
  /** The session was ended because nothing came any more; if something does, it was not the end. */
  #givenUp = false;
  #looking: Promise<void> | undefined;
  #again = false;
  #timer: NodeJS.Timeout | undefined;
  #disposed = false;

  constructor(readonly path: string) {}

  /** The session of the file as it is now; undefined before its first line was read. */
  get session(): TraceSession | undefined {
    return this.#session;
  }

  /** Reads what is new: to be called when the file has changed. Resolves when all of it is read. */
  look(): Promise<void> {
    this.#again = true;
    this.#looking ??= this.#readWhileAsked().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  dispose(): void {
    this.#disposed = true;
    clearTimeout(this.#timer);
  }

  async #readWhileAsked(): Promise<void> {
    while (this.#again && !this.#disposed) {
      this.#again = false;
      clearTimeout(this.#timer);
      let file: FileHandle | undefined;
      try {
        file = await open(this.path);
        await this.#read(file);
      } catch (error) {
        this.#finish({ reason: "broken", message: `The file cannot be read: ${(error as Error).message}` });
      } finally {
        await file?.close();
      }
    }
  }

  async #read(file: FileHandle): Promise<void> {
    const { size } = await file.stat();
    const head = await this.#readAt(file, 0, HEAD_BYTES);
    const replaced = size < this.#position || !startsWith(head, this.#head);
    if (replaced || (this.#givenUp && size > this.#position)) this.#restart();
    this.#head = head;
    while (!this.#disposed && this.#session?.end === undefined) {
      const piece = await this.#readAt(file, this.#position, PIECE_BYTES);
      if (piece.length === 0) return this.#judge(Date.now() - (await file.stat()).mtimeMs);
      this.#position += piece.length;
      this.#take(piece, Math.max(0, size - this.#position));
    }
  }

  async #readAt(file: FileHandle, position: number, length: number): Promise<Uint8Array<ArrayBuffer>> {
    const { buffer, bytesRead } = await file.read({ buffer: new Uint8Array(length), position });
    return buffer.subarray(0, bytesRead);
  }

  /** @param unread so many bytes follow, at least */
  #take(piece: Uint8Array, unread: number): void {
    if (this.#session !== undefined) {
      this.#session.unread = unread;
      return this.#session.receive(piece);
    }
    try {
      const batches = this.#reader.push(piece);
      const { prelude } = this.#reader;
      if (prelude !== undefined) {
        const session = this.#begin(prelude);
        session.unread = unread;
        session.append(batches);
      }
    } catch (error) {
      if (!(error instanceof TraceFormatError)) throw error;
      const { prelude } = this.#reader;
      if (prelude !== undefined) this.#begin(prelude);
      this.#finish({ reason: "malformed", message: error.message });
    }
  }

  /** Everything there is was read: is it all that will come? */
  #judge(idleMs: number): void {
    const patience = this.#session?.store.end === undefined ? QUIET_MS : SETTLED_MS;
    if (idleMs < patience) {
      this.#timer = setTimeout(() => void this.look(), patience - idleMs + 1);
      this.#timer.unref();
      return;
    }
    this.#givenUp = true;
    if (this.#session !== undefined) {
      this.#session.close();
    } else {
      const message = this.#position === 0 ? "The file is empty." : "The file ends in its first line.";
      this.#finish({ reason: "malformed", message });
    }
  }

  #begin(prelude: Prelude): TraceSession {
    const id = `${this.path}#${++this.#round}`;
    this.#session = new TraceSession(id, this.#reader, prelude, {
      name: basename(this.path),
      recorded: true,
    });
    this.sessions.replaceAll(this.#session);
    return this.#session;
  }

  #finish(end: EndOfSession): void {
    (this.#session ?? this.#begin(unknownProgram)).finish(end);
  }

  #restart(): void {
    this.#session?.finish({ reason: "broken", message: "The file was replaced." });
    this.#session = undefined;
    this.#reader = new StreamReader();
    this.#position = 0;
    this.#givenUp = false;
  }
}

/** Stands for the first line of a file that has none. */
const unknownProgram: Prelude = {
  version: PRELUDE_VERSION,
  token: "-",
  pid: 0,
  meta: { program: "", script: "", node: "", cwd: "", start: 0 },
};

const startsWith = (bytes: Uint8Array, start: Uint8Array) =>
  Buffer.compare(bytes.subarray(0, start.length), start) === 0;
