// Many workers: all alive at the same time; one after the other, each ended at some moment while it writes; and some
// that are blocked when the program ends.
import { once } from "node:events";
import { setImmediate as turn, setTimeout as wait } from "node:timers/promises";
import { isMainThread, parentPort, Worker, workerData } from "node:worker_threads";
import { Mutex } from "@lockscope/sync";
import { type SharedHandle, SharedMutex } from "@lockscope/sync/shared";

interface Data {
  readonly how: string;
  readonly number: number;
  readonly shared: SharedHandle;
}

const shared = new SharedMutex({ name: "shared" });
const start = (how: string, number: number) => {
  const data: Data = { how, number, shared: shared.handle };
  return new Worker(new URL(import.meta.url), { workerData: data });
};

const main: Record<string, (count: number) => Promise<void>> = {
  async "all alive"(count) {
    const workers = Array.from({ length: count }, (_, number) => start("waits", number));
    await Promise.all(workers.map((worker) => once(worker, "message")));
    for (const worker of workers) worker.postMessage("end");
    await Promise.all(workers.map((worker) => once(worker, "exit")));
  },
  async "ended as they write"(count) {
    for (let number = 0; number < count; number++) {
      const worker = start(number % 2 === 0 ? "writes" : "exits", number);
      const exit = once(worker, "exit");
      await once(worker, "message");
      if (number % 2 === 0) {
        await wait(number % 7);
        await worker.terminate();
      }
      await exit;
    }
  },
  async "blocked at the end"(count) {
    await shared.lock();
    const workers = Array.from({ length: count }, (_, number) => start("blocks", number));
    await Promise.all(workers.map((worker) => once(worker, "message")));
    await wait(50);
    process.exit(0);
  },
};

async function worker({ how, number, shared: handle }: Data): Promise<void> {
  const mu = new Mutex({ name: `of ${number}` });
  const burst = () => {
    for (let i = 0; i < 100; i++) {
      mu.tryLock();
      mu.unlock();
    }
  };
  burst();
  const message = once(parentPort!, "message");
  parentPort!.postMessage("ready");
  if (how === "waits") await message;
  if (how === "blocks") SharedMutex.from(handle).lockSync();
  if (how === "exits") setTimeout(() => process.exit(), number % 5);
  while (how === "writes" || how === "exits") {
    burst();
    await turn();
  }
}

if (isMainThread) await main[process.argv[2]!]!(Number(process.argv[3]));
else await worker(workerData as Data);
