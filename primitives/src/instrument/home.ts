import type { Worker } from "node:worker_threads";
import * as threads from "node:worker_threads";
import { DefinitionWriter } from "@lockscope/trace";
import { Commons } from "./commons.js";
import type { Config } from "./config.js";
import { FlusherThread, MAX_GOODBYE_MS } from "./flusher-thread.js";
import { Control, RingState, type SharedRing } from "./ring.js";
import { ProgramSignals } from "./signals.js";
import { TraceWriter } from "./trace-writer.js";

/** How long a worker's end may be put off. */
const MAX_WORKER_GOODBYE_MS = 200;

/** Where a traced thread's rows go, and what it shares with the program's other threads. */
export interface Home {
  readonly config: Config;
  readonly commons: Commons;
  /** The thread's number in the trace. */
  readonly thread: number;
  /** What it does outside of every task goes by this name. */
  readonly name: string;
  /** Whether it is one of the program's workers. */
  readonly worker: boolean;
  /** Those of this thread. Nobody reads them where there is no trace. */
  readonly definitions: DefinitionWriter;
  /** How many deadlocks have been told of while the program ran. */
  readonly deadlocksTold: number;
  /** The thread's first event has happened. null: it goes untraced. */
  open(): TraceWriter | null;
  /** It is about to end, and may wait a little for room. */
  makeRoom(trace: TraceWriter): void;
  /** Its last row is written. */
  end(): void;
}

/** The thread that was first: it starts the one that carries the trace away, before its first worker does anything. */
export class MainHome implements Home {
  readonly commons: Commons;
  readonly thread = 0;
  readonly worker = false;
  readonly definitions = new DefinitionWriter();
  readonly #script: URL;
  #flusher: FlusherThread | null | undefined;
  #signals: ProgramSignals | undefined;

  /** @param script the file that the flusher runs: our own */
  constructor(
    readonly config: Config,
    script: URL,
    readonly name: string,
  ) {
    this.#script = script;
    this.commons = Commons.create(config);
    followWorkers(this.commons, () => this.#start());
  }

  get deadlocksTold(): number {
    return this.#flusher ? Atomics.load(this.#flusher.ring.control, Control.told) : 0;
  }

  open(): TraceWriter | null {
    const flusher = this.#start();
    return flusher === null ? null : new TraceWriter(flusher.ring, this.definitions);
  }

  makeRoom(trace: TraceWriter): void {
    this.#flusher?.hurry();
    trace.makeRoom(MAX_GOODBYE_MS);
  }

  end(): void {
    this.#signals?.unfollow();
    this.#flusher?.end();
  }

  #start(): FlusherThread | null {
    if (this.#flusher !== undefined) return this.#flusher;
    this.#flusher = null;
    try {
      this.#flusher = this.#startFlusher();
    } catch (error) {
      // No threads (a permission model), no shared memory: the program goes on untraced.
      process.stderr.write(`lockscope: no trace: ${(error as Error).message}\n`);
    }
    return this.#flusher;
  }

  #startFlusher(): FlusherThread {
    const flusher = new FlusherThread(this.config, this.commons, this.#script, () => signals.flusherIsUp());
    const signals = new ProgramSignals(this.commons.signals, (signal) => {
      this.commons.signals.ending = signal;
      flusher.finish();
    });
    if (this.config.endpoint !== null) {
      this.#signals = signals;
      signals.follow();
    }
    return flusher;
  }
}

/** A thread that the program has started. */
export class WorkerHome implements Home {
  readonly thread: number;
  readonly name: string;
  readonly worker = true;
  /** Not known here. */
  readonly deadlocksTold = 0;
  readonly definitions = new DefinitionWriter();
  readonly #ring: SharedRing | undefined;

  private constructor(
    readonly config: Config,
    readonly commons: Commons,
    parent: number,
  ) {
    // At once, so that the flusher waits for what this thread has to say of the time from now on.
    this.#ring = commons.claim(parent);
    this.thread = (this.#ring?.control[Control.thread] ?? 0) & 0xffff;
    const { threadName, threadId } = threads as { threadName?: string; threadId: number };
    // The name that Node gives a thread that has none says nothing.
    const isNamed = threadName && threadName !== "WorkerThread";
    this.name = isNamed ? `worker ${threadId} (${threadName})` : `worker ${threadId}`;
    followWorkers(commons, () => {});
  }

  /** undefined: whoever started it is not traced. */
  static find(): WorkerHome | undefined {
    const inherited = Commons.inherited();
    return inherited && new WorkerHome(inherited.config, inherited.commons, inherited.parent);
  }

  open(): TraceWriter | null {
    return this.#ring === undefined ? null : new TraceWriter(this.#ring, this.definitions);
  }

  makeRoom(trace: TraceWriter): void {
    trace.makeRoom(MAX_WORKER_GOODBYE_MS);
  }

  end(): void {
    if (this.#ring !== undefined) Atomics.store(this.#ring.control, Control.state, RingState.ended);
  }
}

/** Only the thread that started a worker is told of its end, whichever it was. */
function followWorkers(commons: Commons, onFirst: () => void): void {
  process.on("worker", (worker: Worker) => {
    // Node's own, for loaders.
    if (worker.constructor.name === "InternalWorker") return;
    const { threadId } = worker;
    worker.once("exit", () => commons.ended(threadId));
    onFirst();
  });
}
