import { basename } from "node:path";
import { Worker } from "node:worker_threads";
import { DefinitionWriter, encodePrelude } from "@lockscope/trace";
import type { Config, Endpoint } from "./config.js";
import type { FlusherData } from "./flusher.js";
import { Control, createRing, openRing, type SharedRing } from "./ring.js";
import { RingWriter } from "./ring-writer.js";

/** How long the program's end may be put off for what the listener has not taken yet. */
const MAX_GOODBYE_MS = 2000;

const STEP_MS = 2;
const PIECE_BYTES = 64 * 1024;

/** The stream of one process: definitions and rows go in, a thread of its own carries them away. */
export class TraceWriter {
  readonly definitions = new DefinitionWriter();
  readonly #ring: SharedRing;
  readonly #writer: RingWriter;
  readonly #flusher: Worker;
  /** Definitions that found no room yet. Until they have, rows that may name them are dropped. */
  readonly #held: Uint8Array[] = [];

  /** @param script the file that the flusher runs: our own */
  constructor(config: Config & { readonly endpoint: Endpoint }, script: URL) {
    const buffer = createRing();
    this.#ring = openRing(buffer);
    this.#writer = new RingWriter(this.#ring);
    const workerData: FlusherData = {
      lockscopeFlusher: { ring: buffer, endpoint: ownFile(config.endpoint), prelude: prelude(config.token) },
    };
    // Neither the preload nor the debugger's options are for this thread.
    this.#flusher = new Worker(script, { name: "lockscope", workerData, execArgv: [], env: {} });
    this.#flusher.unref();
    this.#flusher.on("error", (error) => {
      Atomics.store(this.#ring.control, Control.deaf, 1);
      process.stderr.write(`lockscope: no trace: ${error.message}\n`);
    });
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

  /** The program ends: from here on it may wait a little, so that its last rows are not lost. */
  makeRoom(): void {
    this.#hurry();
    for (let waited = 0; waited < MAX_GOODBYE_MS && !this.deaf; waited += STEP_MS) {
      if (this.#shipDefinitions() && this.#writer.roomy) return;
      Atomics.wait(this.#ring.control, Control.done, 0, STEP_MS);
    }
  }

  /** Waits until everything is sent, though not for ever. The last act of the program. */
  end(): void {
    this.#shipDefinitions();
    Atomics.store(this.#ring.control, Control.stop, 1);
    this.#hurry();
    Atomics.wait(this.#ring.control, Control.done, 0, MAX_GOODBYE_MS);
  }

  #drop(): false {
    this.#writer.drop();
    return false;
  }

  #hurry(): void {
    this.#flusher.postMessage(null);
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

/**
 * Several processes may be told of one file, when a traced program starts others. The first one takes it,
 * and leaves word of that to its children, which put their number into the name.
 */
function ownFile(endpoint: Endpoint): Endpoint {
  if (endpoint.kind !== "file") return endpoint;
  if (process.env.LOCKSCOPE_TRACE_TAKEN === endpoint.path) {
    return { kind: "file", path: endpoint.path.replace(/(\.[^./\\]*)?$/, `.${process.pid}$1`) };
  }
  process.env.LOCKSCOPE_TRACE_TAKEN = endpoint.path;
  return endpoint;
}

function prelude(token: string): Uint8Array {
  const script = process.argv[1] ?? "";
  return encodePrelude({
    token,
    pid: process.pid,
    meta: {
      program: script === "" ? "node" : basename(script),
      script,
      node: process.version,
      cwd: process.cwd(),
      start: performance.timeOrigin,
    },
  });
}
