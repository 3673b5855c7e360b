// Three threads count under one lock, each in a task of its own: tasks await it, and every other time their thread
// blocks for it.
import { once } from "node:events";
import { isMainThread, workerData } from "node:worker_threads";
import { go } from "@lockscope/sync";
import { type SharedHandle, SharedMutex, SharedWaitGroup } from "@lockscope/sync/shared";
import { startThread } from "./start-thread.js";

interface Data {
  mutex: SharedHandle;
  group: SharedHandle;
  counter: SharedArrayBuffer;
}

async function count({ mutex, group, counter }: Data): Promise<void> {
  const mu = SharedMutex.from(mutex);
  const words = new Int32Array(counter);
  for (let i = 0; i < 500; i++) {
    if (i % 2 === 0) await mu.lock();
    else mu.lockSync();
    words[0]!++;
    mu.unlock();
  }
  SharedWaitGroup.from(group).done();
}

if (isMainThread) {
  const mu = new SharedMutex();
  const all = new SharedWaitGroup({ name: "all" });
  const data: Data = { mutex: mu.handle, group: all.handle, counter: new SharedArrayBuffer(4) };
  all.add(3);
  const ends = [];
  for (let i = 0; i < 2; i++) ends.push(once(await startThread(new URL(import.meta.url), data), "exit"));
  const own = go(() => count(data), { name: "counts" });
  await own.join();
  await all.wait();
  await Promise.all(ends);
  console.log(new Int32Array(data.counter)[0]);
} else {
  await go(() => count(workerData as Data), { name: "counts" }).join();
}
