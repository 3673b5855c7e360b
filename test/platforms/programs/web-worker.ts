import type { Job } from "./jobs.js";

/** Where the script of a browser's worker is, and whether it is a module. */
export type WorkerScript = readonly [url: string, type: "classic" | "module"];

/** What such a worker is asked: to do a job, or to run the program itself. */
export type Question = Job | "report";

/** The part of a browser's `Worker` that is used here. */
interface WebWorker {
  onmessage: ((event: { data: unknown }) => void) | null;
  onerror: ((event: { message?: string }) => void) | null;
  postMessage(message: unknown): void;
  terminate(): void;
}

declare const Worker: new (url: string, options?: { type: "classic" | "module" }) => WebWorker;

/** Starts a worker, asks it one thing, and ends it. */
export function ask([url, type]: WorkerScript, question: Question): Promise<unknown> {
  const worker = new Worker(url, { type });
  return new Promise((resolve, reject) => {
    worker.onmessage = ({ data }) => resolve(data);
    worker.onerror = ({ message }) => reject(new Error(message ?? "the worker's script cannot be loaded"));
    worker.postMessage(question);
  }).finally(() => worker.terminate());
}
