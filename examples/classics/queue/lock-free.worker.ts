import { workerData } from "node:worker_threads";
import { type SharedHandle, SharedQueue } from "@lockscope/sync/shared";
import { type Job, work } from "./work.js";

const job = workerData as Job & { queue: SharedHandle };
const queue = SharedQueue.from(job.queue);
const numbers = {
  tryPush: (value: number) => queue.tryPush(value),
  // A queue that was not made for records gives out numbers.
  tryPop: () => queue.tryPop() as number | undefined,
};
work(numbers, job);
