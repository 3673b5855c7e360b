// tryLock: held only where its answer was yes.
import { gosched, Mutex } from "@lockscope/sync";

declare function write(line: string): Promise<void>;

const mu = new Mutex({ name: "log" });
const lines: string[] = [];

export function tryLockNegated(line: string): boolean {
  if (!mu.tryLock()) return false;
  lines.push(line);
  mu.unlock();
  return true;
}

export async function tryLockInAConst(line: string): Promise<void> {
  const got = mu.tryLock();
  try {
    await write(line);
  } finally {
    if (got) mu.unlock();
  }
}

export function tryLockAndMore(line: string): void {
  if (line !== "" && mu.tryLock()) {
    lines.push(line);
    mu.unlock();
  }
}

export function tryLockForgets(line: string): boolean {
  if (!mu.tryLock()) return false; // want: missing-unlock
  if (lines.length > 100) return false;
  lines.push(line);
  mu.unlock();
  return true;
}

export async function tryLockThenLock(line: string): Promise<void> {
  if (!mu.tryLock()) {
    console.log("has to wait");
    await mu.lock();
  }
  lines.push(line);
  mu.unlock();
}

export async function tryLockInALoop(line: string): Promise<void> {
  while (!mu.tryLock()) await gosched();
  lines.push(line);
  mu.unlock();
}

export function twoTryLocks(other: Mutex): boolean {
  if (!mu.tryLock()) return false;
  if (!other.tryLock()) {
    mu.unlock();
    return false;
  }
  lines.pop();
  other.unlock();
  mu.unlock();
  return true;
}
