import { Worker } from "node:worker_threads";
import type { WorkspaceOptions } from "../api.js";
import type { Judged } from "../judge.js";
import { createShare } from "./share.js";

/** What a thread of the crew is started with; it opens the same workspace as the one that starts it. */
export interface Assignment {
  readonly options: WorkspaceOptions;
  /** All files of the check: they are loaded together, whoever judges them. */
  readonly all: readonly string[];
  /** Those to be judged, by whoever comes first. */
  readonly files: readonly string[];
  readonly taken: SharedArrayBuffer;
}

export type Message = { readonly file: string; readonly judged: Judged } | { readonly log: string };

interface Work {
  readonly options: WorkspaceOptions;
  readonly all: readonly string[];
  readonly files: readonly string[];
  /** The order of the work, found out by each thread for itself. */
  readonly arranged: (files: readonly string[]) => readonly string[];
  readonly log: (message: string) => void;
}

/** A thread loads the whole program for itself before it judges its first file: that has to pay. */
const filesPerThread = 250;
/** With the collection of its garbage. Two threads on two processors were measured to take as long as one. */
const processorsPerThread = 1.5;

/** How many threads besides the caller's own there is work for, and room. */
export function crewFor(files: number, processors: number): number {
  const room = Math.floor(processors / processorsPerThread);
  return Math.max(0, Math.min(room, Math.floor(files / filesPerThread)) - 1);
}

/**
 * Judges files on several threads at once: on the caller's and on `size` others, started with the module `entry`.
 * `bring` is given each result. What a thread took and did not bring, because it ended before its time, the caller
 * judges. `rest` is awaited between files: others get their turn, and it may throw to end the work.
 */
export async function judgeTogether(
  { options, all, files, arranged, log }: Work,
  { size, entry }: { readonly size: number; readonly entry: URL },
  own: (file: string) => Judged,
  bring: (file: string, judged: Judged) => void,
  rest: () => Promise<void>,
): Promise<void> {
  const taken = new SharedArrayBuffer(Int32Array.BYTES_PER_ELEMENT);
  const missing = new Set(files);
  const { log: _ours, cache: _main, threads: _none, ...plain } = options;
  const workerData: Assignment = { options: plain, all, files, taken };
  const crew = Array.from({ length: size }, () => new Worker(entry, { workerData }));
  const arrived = (file: string, judged: Judged) => {
    missing.delete(file);
    bring(file, judged);
  };
  try {
    // Not until they end: one that came too late for any file may still be loading.
    const brought = Promise.all(
      crew.map((thread) => resultsOf(thread, log, arrived, () => missing.size === 0)),
    );
    const share = createShare(arranged(files), taken);
    for (let file = share.next(); file !== undefined; file = share.next()) {
      arrived(file, own(file));
      await rest();
    }
    if (missing.size > 0) await brought;
    for (const file of missing) {
      arrived(file, own(file));
      await rest();
    }
  } finally {
    await Promise.all(crew.map((thread) => thread.terminate()));
  }
}

/** Resolves when the thread ended, or nothing is missing. An error of it is logged, and nothing else is lost. */
function resultsOf(
  thread: Worker,
  log: (message: string) => void,
  arrived: (file: string, judged: Judged) => void,
  isComplete: () => boolean,
): Promise<void> {
  return new Promise((resolve) => {
    thread.on("message", (message: Message) => {
      if ("log" in message) return log(message.log);
      arrived(message.file, message.judged);
      if (isComplete()) resolve();
    });
    thread.on("error", (error) => log(`a thread of the check ended: ${error.stack ?? error.message}`));
    thread.on("exit", () => resolve());
  });
}
