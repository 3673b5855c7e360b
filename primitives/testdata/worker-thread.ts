// A thread of the program's own, which inherits the preload.
import { Worker } from "node:worker_threads";
import { Mutex } from "@lockscope/sync";

await new Mutex({ name: "of the main thread" }).lock();
const worker = new Worker(new URL("worker-thread-body.mjs", import.meta.url));
console.log(JSON.stringify(await new Promise((resolve) => worker.once("message", resolve))));
