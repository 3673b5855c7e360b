// A worker is killed while it holds a lock, the main thread takes it over and puts right what it protects.
import { once } from "node:events";
import { isMainThread, parentPort, workerData } from "node:worker_threads";
import { SharedMutex } from "@lockscope/sync/shared";
import { startThread } from "./start-thread.js";

if (isMainThread) {
  const mu = new SharedMutex({ name: "mu" });
  const worker = await startThread(new URL(import.meta.url), mu.handle);
  await once(worker, "message");
  await worker.terminate();
  await mu.lock().catch(({ code }) => console.log(code));
  mu.unlock();
} else {
  await SharedMutex.from(workerData).lock();
  parentPort!.postMessage("locked");
  setInterval(() => {}, 1000);
}
