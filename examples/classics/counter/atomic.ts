// The shared counter by an atomic variable, among threads: adding is one step, so there is nothing to lock. An
// ordinary `count++` on shared memory would lose most of it.
// You should see: "counted 400000".
import { once } from "node:events";
import { Int32 } from "@lockscope/sync/atomic";
import { startThread } from "../thread.js";

const count = new Int32();
const threads = [1, 2, 3, 4].map(() =>
  startThread(new URL("./atomic.worker.ts", import.meta.url), { count: count.handle, times: 100_000 }),
);
await Promise.all(threads.map((thread) => once(thread, "exit")));
console.log(`counted ${count.load()}`);
