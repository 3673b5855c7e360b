import { workerData } from "node:worker_threads";
import { Int32, type SharedHandle } from "@lockscope/sync/atomic";

interface Job {
  readonly limit: number;
  readonly next: SharedHandle;
  readonly found: SharedHandle;
}

const { limit, ...handles } = workerData as Job;
const next = Int32.from(handles.next);
const found = Int32.from(handles.found);
const CHUNK = 1000;

for (;;) {
  const end = next.add(CHUNK);
  const start = end - CHUNK;
  if (start >= limit) break;
  found.add(countPrimes(start, Math.min(end, limit)));
}

function countPrimes(from: number, to: number): number {
  let count = 0;
  for (let n = from; n < to; n++) if (isPrime(n)) count++;
  return count;
}

function isPrime(n: number): boolean {
  for (let divisor = 2; divisor * divisor <= n; divisor++) if (n % divisor === 0) return false;
  return true;
}
