// Workers end in every way there is, each while it holds a lock of its own: in order, by an error, killed; one starts
// another and is killed with it; and one is started so that it is not traced.
import { once } from "node:events";
import { setTimeout } from "node:timers/promises";
import { isMainThread, parentPort, type Worker, workerData } from "node:worker_threads";
import { Mutex } from "@lockscope/sync";
import { startThread } from "./start-thread.js";

const file = new URL(import.meta.url);
const ready = (worker: Worker) => once(worker, "message");

async function main(): Promise<void> {
  await new Mutex({ name: "of main" }).lock();
  const ended = await startThread(file, "ends");
  await once(ended, "exit");
  const thrown = await startThread(file, "throws");
  await once(thrown, "error");
  const killed = await startThread(file, "is killed");
  await ready(killed);
  await killed.terminate();
  const parent = await startThread(file, "is a parent");
  await ready(parent);
  await parent.terminate();
  // A parent's end is told at once; what follows shows that rings are emptied long after.
  await setTimeout(50);
}

if (isMainThread) {
  await main();
} else {
  await new Mutex({ name: `of who ${workerData}` }).lock();
  if (workerData === "throws") throw new Error("on purpose");
  if (workerData === "is a parent") await ready(await startThread(file, "is a child"));
  if (workerData !== "ends") {
    parentPort!.postMessage("ready");
    await setTimeout(60_000);
  }
}
