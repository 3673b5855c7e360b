import { isMainThread, parentPort, Worker } from "node:worker_threads";
import { report } from "./case.js";
import { answer, type Job } from "./jobs.js";
import { tasks } from "./tasks.js";
import { type Employ, threads } from "./threads.js";

/** The same program does the jobs, in a thread of its own, and is gone when its job is done. */
const employ: Employ = (job) =>
  new Promise((resolve, reject) => {
    const worker = new Worker(process.argv[1]!);
    let result: unknown;
    worker.on("message", (message) => {
      result = message;
    });
    worker.on("error", reject);
    worker.on("exit", () => resolve(result));
    worker.postMessage(job);
  });

async function main(): Promise<void> {
  const seen = await report({ ...tasks(true), ...threads(employ, true) });
  process.stdout.write(JSON.stringify({ node: process.versions.node, ...seen }));
}

if (isMainThread) void main();
else parentPort!.once("message", async (job: Job) => parentPort!.postMessage(await answer(job)));
