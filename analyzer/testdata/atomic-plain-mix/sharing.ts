import { once } from "node:events";
import { Worker, workerData } from "node:worker_threads";

/** Set up before it is shared, read when the others are done. */
export async function run(file: string): Promise<number> {
  const buffer = new SharedArrayBuffer(8);
  const counter = new Int32Array(buffer);
  counter[0] = 10;
  const worker = new Worker(file, { workerData: buffer });
  counter[0] = 11; // want: atomic-plain-mix
  Atomics.notify(counter, 0);
  Atomics.add(counter, 0, 1);
  await once(worker, "exit");
  return counter[0] ?? 0;
}

/** Two views of one buffer. */
export function inWorker(): void {
  const buffer: SharedArrayBuffer = workerData;
  const mine = new Int32Array(buffer);
  const same = new Int32Array(buffer);
  const bytes = new Uint8Array(buffer);
  Atomics.add(mine, 0, 1);
  same[0] = 2; // want: atomic-plain-mix
  bytes[0] = 2;
}

/** Not shared with anybody. */
export function local(): number {
  const own = new Int32Array(8);
  Atomics.add(own, 0, 1);
  const alsoOwn = new Int32Array(new ArrayBuffer(8));
  Atomics.add(alsoOwn, 0, 1);
  return own[0]! + alsoOwn[0]!;
}

export function parameters(shared: Int32Array, index: number): void {
  Atomics.add(shared, index, 1);
  shared[index] = 0; // want: atomic-plain-mix
  shared[index + 1] = 0;
}
