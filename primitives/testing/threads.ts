import { once } from "node:events";
import { Worker } from "node:worker_threads";
import { build } from "esbuild";

/** What a thread's program has at hand, besides what it imports. */
const prelude = `
  import { parentPort, workerData } from "node:worker_threads";
  import * as shared from "../src/shared.js";
  import * as atomic from "../src/atomic.js";
  import * as sync from "../src/index.js";
  const data = workerData;
  const post = (value) => parentPort.postMessage(value);
`;

const compiled = new Map<string, Promise<string>>();

/** Compiles once and starts at once: a thread that compiles for itself takes half a second to start. */
function compile(body: string): Promise<string> {
  let code = compiled.get(body);
  if (code === undefined) {
    code = build({
      stdin: { contents: `${prelude}\n${body}`, resolveDir: import.meta.dirname, loader: "ts" },
      bundle: true,
      platform: "node",
      format: "esm",
      target: "node20",
      write: false,
    }).then(({ outputFiles }) => outputFiles[0]!.text);
    compiled.set(body, code);
  }
  return code;
}

/** A worker thread that runs a piece of TypeScript. */
export class Thread {
  readonly #messages: unknown[] = [];
  #arrived: (() => void) | null = null;
  /** Its exit status, or the error that ended it. */
  readonly end: Promise<unknown>;

  constructor(readonly worker: Worker) {
    worker.on("message", (message) => {
      this.#messages.push(message);
      this.#arrived?.();
    });
    this.end = new Promise((resolve) => {
      worker.on("error", resolve);
      worker.on("exit", resolve);
    });
  }

  /** The next message that it posts. */
  async message<T = unknown>(): Promise<T> {
    while (this.#messages.length === 0) {
      await Promise.race([
        new Promise<void>((resolve) => {
          this.#arrived = resolve;
        }),
        this.end.then((end) => {
          if (this.#messages.length === 0) throw end instanceof Error ? end : new Error(`exited: ${end}`);
        }),
      ]);
    }
    return this.#messages.shift() as T;
  }

  /** Kills it, wherever it is. */
  async kill(): Promise<void> {
    await this.worker.terminate();
  }
}

/** Where a thread's program can be loaded from, as by a thread that starts one itself. */
export async function threadUrl(body: string): Promise<string> {
  return `data:text/javascript,${encodeURIComponent(await compile(body))}`;
}

/**
 * Starts a thread that runs `body`, with `data`, `post`, and the library's entries as `sync`, `shared` and
 * `atomic`.
 */
export async function startThread(body: string, data: unknown = {}): Promise<Thread> {
  const worker = new Worker(new URL(await threadUrl(body)), { workerData: data, execArgv: [] });
  const thread = new Thread(worker);
  await once(worker, "online");
  return thread;
}

/** Runs `body` in a thread to its end; returns what it posts first. */
export async function inThread<T = unknown>(body: string, data?: unknown): Promise<T> {
  const thread = await startThread(body, data);
  const message = await thread.message<T>();
  await thread.end;
  return message;
}

/** Starts the same in `count` threads; each has its number as `data.index`. */
export function startThreads(count: number, body: string, data: object): Promise<Thread[]> {
  return Promise.all(Array.from({ length: count }, (_, index) => startThread(body, { ...data, index })));
}
