// Locks between threads, waited for by blocking the thread.
import { SharedMutex, SharedRWMutex } from "@lockscope/sync/shared";

const mu = new SharedMutex({ name: "table" });
const rw = new SharedRWMutex({ name: "rates" });
let rows = 0;
const rates = 1;

export function forgets(few: boolean): void {
  mu.lockSync(); // want: missing-unlock
  if (few) return;
  rows += 1;
  mu.unlock();
}

export function forgetsTheReader(few: boolean): number {
  rw.rLockSync(); // want: missing-unlock
  if (few) return 0;
  const seen = rates;
  rw.rUnlock();
  return seen;
}

export function gives(): void {
  mu.lockSync();
  try {
    rows += 1;
  } finally {
    mu.unlock();
  }
}

export function triesFor(ms: number): boolean {
  if (!mu.lockSync(ms)) return false;
  rows += 1;
  mu.unlock();
  return true;
}

export function keepsTheAnswer(): boolean {
  const taken = mu.lockSync();
  if (!taken) return false;
  rows += 1;
  mu.unlock();
  return true;
}

export function twice(): void {
  mu.lockSync();
  mu.lockSync(); // want: reentrant-lock
  mu.unlock();
  mu.unlock();
}
