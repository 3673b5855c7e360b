// Two threads take two locks in opposite order. Each takes its second one when the other has its first one. How they
// wait is told by the first argument: blocked, in tasks, or one of them as the main thread; "ordered" goes well.
// "stops": a task has the first lock and only sleeps, while its thread stops for the second one; it would give the lock
// back. "runs": the same, but the thread does not stop, and all goes well.
import { once } from "node:events";
import { isMainThread, workerData } from "node:worker_threads";
import { go, sleep } from "@lockscope/sync";
import { type SharedHandle, SharedMutex, SharedWaitGroup } from "@lockscope/sync/shared";
import { startThread } from "./start-thread.js";

interface Data {
  how: string;
  first: SharedHandle;
  second: SharedHandle;
  met: SharedHandle;
}

function blocks({ how, first, second, met }: Data): void {
  const [a, b, both] = [SharedMutex.from(first), SharedMutex.from(second), SharedWaitGroup.from(met)];
  a.lockSync();
  both.done();
  both.waitSync(how === "ordered" ? 100 : undefined);
  b.lockSync();
  b.unlock();
  a.unlock();
}

async function waits({ first, second, met }: Data): Promise<void> {
  const [a, b, both] = [SharedMutex.from(first), SharedMutex.from(second), SharedWaitGroup.from(met)];
  await a.lock();
  both.done();
  await both.wait();
  await b.lock();
}

async function stops({ how, first, second, met }: Data): Promise<void> {
  const [a, b, both] = [SharedMutex.from(first), SharedMutex.from(second), SharedWaitGroup.from(met)];
  const keeper = go(
    async () => {
      await a.lock();
      both.done();
      await both.wait();
      await sleep(100);
      a.unlock();
    },
    { name: "keeps" },
  );
  await both.wait();
  if (how === "stops") b.lockSync();
  else await b.lock();
  b.unlock();
  await keeper.join();
}

async function run(data: Data): Promise<void> {
  if (data.how === "tasks") await go(() => waits(data), { name: "waits" }).join();
  else if (data.how === "stops" || data.how === "runs") await stops(data);
  else blocks(data);
}

if (isMainThread) {
  const how = process.argv[2]!;
  const [a, b] = [new SharedMutex({ name: "a" }).handle, new SharedMutex({ name: "b" }).handle];
  const met = new SharedWaitGroup({ name: "met" });
  met.add(2);
  const one: Data = { how, first: a, second: b, met: met.handle };
  const other: Data = how === "ordered" ? one : { how, first: b, second: a, met: met.handle };
  const file = new URL(import.meta.url);
  const ends = [once(await startThread(file, one), "exit")];
  if (how === "main") blocks(other);
  else ends.push(once(await startThread(file, other), "exit"));
  await Promise.all(ends);
  console.log("done");
} else {
  await run(workerData as Data);
}
