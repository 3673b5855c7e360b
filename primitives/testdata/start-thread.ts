import { once } from "node:events";
import { Worker } from "node:worker_threads";

/** Starts a thread that runs a TypeScript file. On Node 20 `--import tsx` reaches the main thread only. */
export async function startThread(file: URL, workerData: unknown): Promise<Worker> {
  const program = `
    import { register } from ${JSON.stringify(import.meta.resolve("tsx/esm/api"))};
    register();
    await import(${JSON.stringify(file.href)});
  `;
  const worker = new Worker(new URL(`data:text/javascript,${encodeURIComponent(program)}`), { workerData });
  await once(worker, "online");
  return worker;
}
