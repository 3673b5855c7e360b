import { Worker } from "node:worker_threads";

/**
 * Starts a thread that runs a TypeScript file. On Node 20 `--import tsx` reaches the main thread only, so each thread
 * loads tsx for itself; a program that is compiled needs no more than `new Worker(file, { workerData })`.
 */
export function startThread(file: URL, workerData: unknown): Worker {
  const program = `
    import { register } from ${JSON.stringify(import.meta.resolve("tsx/esm/api"))};
    register();
    await import(${JSON.stringify(file.href)});
  `;
  return new Worker(new URL(`data:text/javascript,${encodeURIComponent(program)}`), { workerData });
}
