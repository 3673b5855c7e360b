import { workerData } from "node:worker_threads";
import { LockedQueue, type QueueHandle } from "./locked-queue.js";
import { type Job, work } from "./work.js";

const job = workerData as Job & { queue: QueueHandle };
work(new LockedQueue(job.queue), job);
