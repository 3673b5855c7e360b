import { SharedMutex } from "@lockscope/sync/shared";
import { type Cases, failure, type Report, report } from "./case.js";
import { answer } from "./jobs.js";
import { tasks } from "./tasks.js";
import { type Employ, threads, unshared } from "./threads.js";
import { ask, type Question, type WorkerScript } from "./web-worker.js";

/** What the program uses of a page or of a worker, besides what the library does. */
interface Scope {
  readonly crossOriginIsolated?: boolean;
  readonly document?: unknown;
  readonly process?: unknown;
  /** In a page: where the worker's script is, and whether it is a module. */
  workerScript?: WorkerScript;
  runReport?: () => Promise<string>;
  onmessage?: ((event: { data: Question }) => void) | null;
  postMessage(message: unknown): void;
}

const scope = globalThis as unknown as Scope;

/** A page's main thread may wait but not block. */
const mainThread: Cases = {
  "SharedMutex: to block the page": {
    async run() {
      const mu = new SharedMutex();
      const free = [mu.lockSync(), mu.tryLock()];
      const refused = await failure(() => mu.lockSync(60_000));
      mu.unlock();
      return [free, refused.split(":")[0], mu.waiters, mu.tryLock()];
    },
    expected: [[true, false], "TypeError", 0, true],
  },
};

/** What is to be seen here: with workers from a page that is isolated, alone from any other. */
function cases(employ: Employ | undefined): Cases {
  if (scope.crossOriginIsolated !== true) return { ...tasks(false), ...unshared };
  return { ...tasks(false), ...(employ !== undefined && { ...mainThread, ...threads(employ, false) }) };
}

/** Runs the program where it is. */
async function here(employ?: Employ): Promise<Report> {
  if (scope.process !== undefined) throw new Error("this is Node, or looks like it");
  return report(cases(employ));
}

if (scope.document !== undefined) {
  scope.runReport = async () => {
    const script = scope.workerScript!;
    const page = await here((job) => ask(script, job));
    const worker = await ask(script, "report");
    return JSON.stringify({ isolated: scope.crossOriginIsolated, page, worker });
  };
} else {
  scope.onmessage = async ({ data }) =>
    scope.postMessage(data === "report" ? await here() : await answer(data));
}
