import { writeSync } from "node:fs";
import type { MessagePort } from "node:worker_threads";
import { BatchFlag, encodeBatch } from "@lockscope/trace";
import type { Endpoint } from "./config.js";
import { Control, openRing, type SharedRing } from "./ring.js";
import { RingReader } from "./ring-reader.js";
import { openSink, type Sink } from "./sink.js";

/** What the traced thread hands to its flusher. */
export interface FlusherData {
  readonly lockscopeFlusher: {
    readonly ring: SharedArrayBuffer;
    readonly endpoint: Endpoint;
    /** The stream's first line. */
    readonly prelude: Uint8Array;
  };
}

/** Often enough to look live, seldom enough to cost nothing. */
const INTERVAL_MS = 20;

/**
 * A thread of its own that carries what is in the ring to the sink, so that a traced program that is busy,
 * frozen or about to exit is seen to the end.
 */
export function flush({ lockscopeFlusher: data }: FlusherData, port: MessagePort): void {
  const ring = openRing(data.ring);
  new Flusher(ring, data.endpoint, data.prelude, port);
}

class Flusher {
  readonly #control: Int32Array;
  readonly #reader: RingReader;
  readonly #sink: Sink;
  readonly #timer: NodeJS.Timeout;
  #ready = true;
  /** Over, in order or not: nothing more is taken from the ring. */
  #over = false;

  constructor(ring: SharedRing, endpoint: Endpoint, prelude: Uint8Array, port: MessagePort) {
    this.#control = ring.control;
    this.#reader = new RingReader(ring);
    this.#timer = setInterval(() => this.#turn(), INTERVAL_MS);
    this.#sink = openSink(endpoint, (reason) => this.#fail(endpoint, reason));
    this.#sink.onReady = () => {
      this.#ready = true;
      this.#turn();
    };
    // Any message means: look at once. It is how the traced thread hurries us when it ends.
    port.on("message", () => this.#turn());
    this.#ready = this.#sink.write(prelude);
    this.#turn();
  }

  #turn(): void {
    // Read before the ring is: what was written before `stop` was set is then sure to be seen.
    const stopping = Atomics.load(this.#control, Control.stop) !== 0;
    while (this.#ready && !this.#over) {
      const chunk = this.#reader.next();
      if (chunk === undefined) {
        if (stopping) this.#finish();
        return;
      }
      this.#ready = this.#sink.write(encodeBatch(chunk.info, chunk.definitions, chunk.rows));
    }
  }

  #finish(): void {
    this.#stop();
    const info = { ...this.#reader.position, flags: BatchFlag.last };
    this.#sink.write(encodeBatch(info, new Uint8Array(0), new Int32Array(0)));
    this.#sink.end(() => this.#done());
  }

  /** The program goes on untraced. */
  #fail(endpoint: Endpoint, reason: string): void {
    const early = !this.#over;
    this.#stop();
    Atomics.store(this.#control, Control.deaf, 1);
    this.#done();
    if (!early) return;
    const where = endpoint.kind === "tcp" ? `${endpoint.host}:${endpoint.port}` : endpoint.path;
    try {
      writeSync(2, `lockscope: no trace, ${where} cannot be written to: ${reason}\n`);
    } catch {
      // Standard error is closed: there is nobody left to tell.
    }
  }

  #stop(): void {
    this.#over = true;
    clearInterval(this.#timer);
  }

  /** The traced thread may be waiting for this. */
  #done(): void {
    Atomics.store(this.#control, Control.done, 1);
    Atomics.notify(this.#control, Control.done);
  }
}
