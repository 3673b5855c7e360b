// A worker goes on while the main thread is frozen, by something that the library knows nothing of.
import { isMainThread } from "node:worker_threads";
import { Mutex } from "@lockscope/sync";
import { startThread } from "./start-thread.js";

if (isMainThread) {
  await new Mutex({ name: "of main" }).lock();
  await startThread(new URL(import.meta.url), null);
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
} else {
  const mu = new Mutex({ name: "of the worker" });
  for (let i = 0; i < 1000; i++) {
    await mu.lock();
    mu.unlock();
  }
}
