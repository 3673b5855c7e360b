// A queue that threads share, made safe by a mutex: two threads push 5,000 numbers each, two others pop them.
// You should see: "10000 values popped, the sum is right".
import { once } from "node:events";
import { Int32 } from "@lockscope/sync/atomic";
import { startThread } from "../thread.js";
import { LockedQueue } from "./locked-queue.js";

const queue = LockedQueue.create(64);
const popped = new Int32();
const sum = new Int32();
const total = 10_000;

const threads = [0, 1, 2, 3].map((index) =>
  startThread(new URL("./mutex.worker.ts", import.meta.url), {
    queue: queue.handle,
    popped: popped.handle,
    sum: sum.handle,
    total,
    pushes: index < 2 ? { from: 1 + index * 5_000, to: (index + 1) * 5_000 } : undefined,
  }),
);
await Promise.all(threads.map((thread) => once(thread, "exit")));
const right = sum.load() === (total * (total + 1)) / 2;
console.log(`${popped.load()} values popped, the sum is ${right ? "right" : "wrong"}`);
