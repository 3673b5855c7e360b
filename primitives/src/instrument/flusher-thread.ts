import { basename } from "node:path";
import { Worker } from "node:worker_threads";
import { encodePrelude } from "@lockscope/trace";
import type { Commons } from "./commons.js";
import type { Config, Endpoint } from "./config.js";
import type { FlusherData } from "./flusher.js";
import { Control, createRing, openRing, type SharedRing } from "./ring.js";
import { TO_HEAR_SIGNALS } from "./signal-watch.js";
import { numbered } from "./sink.js";

/** How long the program's end may be put off for what the listener has not taken yet. */
export const MAX_GOODBYE_MS = 2000;

/** The main thread's hold on the thread that carries the trace of all threads away. */
export class FlusherThread {
  /** The main thread's. */
  readonly ring: SharedRing;
  readonly #worker: Worker;

  /**
   * @param script the file that the flusher runs: our own
   * @param onUp it has come up
   * @throws where there are no threads (a permission model), or no shared memory
   */
  constructor(config: Config, commons: Commons, script: URL, onUp: () => void) {
    const { endpoint, token, heldMs, waitMs, keep } = config;
    const ring = createRing();
    this.ring = openRing(ring);
    const workerData: FlusherData = {
      lockscopeFlusher: {
        commons: commons.memory,
        ring,
        endpoint: endpoint && ownFile(endpoint),
        prelude: prelude(token),
        limits: { heldMs, waitMs },
        keep,
      },
    };
    this.#worker = start(script, workerData);
    this.#worker.once("message", onUp);
    this.#worker.unref();
    this.#worker.on("error", (error) => {
      Atomics.store(this.ring.control, Control.deaf, 1);
      process.stderr.write(`lockscope: no trace: ${error.message}\n`);
    });
  }

  /** Have it look at once. */
  hurry(): void {
    this.#worker.postMessage(null);
  }

  /** Waits until everything is sent, though not for ever. The last act of the program. */
  end(): void {
    Atomics.store(this.ring.control, Control.stop, 1);
    this.finish();
  }

  /** The same of what it has been told to end with in another way. */
  finish(): void {
    this.hurry();
    Atomics.wait(this.ring.control, Control.done, 0, MAX_GOODBYE_MS);
  }
}

function start(script: URL, workerData: FlusherData): Worker {
  // Neither the preload nor the debugger's options are for this thread.
  const withOptions = (execArgv: readonly string[]) =>
    new Worker(script, { name: "lockscope", workerData, execArgv: [...execArgv], env: {} });
  try {
    return withOptions(TO_HEAR_SIGNALS);
  } catch (error) {
    // A Node that does not know them.
    if ((error as NodeJS.ErrnoException).code !== "ERR_WORKER_INVALID_EXEC_ARGV") throw error;
    return withOptions([]);
  }
}

/**
 * Several processes may be told of one file, when a traced program starts others. The first one takes it,
 * and leaves word of that to its children, which put their number into the name.
 */
function ownFile(endpoint: Endpoint): Endpoint {
  if (endpoint.kind !== "file") return endpoint;
  if (process.env.LOCKSCOPE_TRACE_TAKEN === endpoint.path) {
    return { kind: "file", path: numbered(endpoint.path, process.pid) };
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
