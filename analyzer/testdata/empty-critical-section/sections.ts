// Lock and unlock with nothing in between guard nothing.
import { Mutex, RWMutex } from "@lockscope/sync";

const mu = new Mutex({ name: "counter" });
const rw = new RWMutex({ name: "view" });
const seen = new Set<string>();
let counter = 0;

export async function nothingInBetween(): Promise<void> {
  await mu.lock(); // want: empty-critical-section
  mu.unlock();
  counter++;
}

export async function onlyAComment(): Promise<void> {
  await mu.lock(); // want: empty-critical-section
  // counter++;
  mu.unlock();
}

export async function readSide(name: string): Promise<boolean> {
  await rw.rLock(); // want: empty-critical-section
  rw.rUnlock();
  return seen.has(name);
}

export async function writeSideInABranch(name: string): Promise<void> {
  if (name !== "") {
    await rw.lock(); // want: empty-critical-section
    rw.unlock();
  }
  console.log(name);
}

export async function releasedAtOnce(): Promise<void> {
  const guard = await mu.acquire(); // want: empty-critical-section
  guard.release();
  counter++;
}

export async function somethingInBetween(): Promise<void> {
  await mu.lock();
  counter++;
  mu.unlock();
}

export async function aReadInTheUnlocksReturn(): Promise<number> {
  await mu.lock();
  const now = counter;
  mu.unlock();
  return now;
}

export async function inAFinally(): Promise<number> {
  await mu.lock();
  try {
    return counter;
  } finally {
    mu.unlock();
  }
}

export async function unlockOfAnotherLock(): Promise<void> {
  await mu.lock();
  await rw.lock();
  counter++;
  mu.unlock();
  rw.unlock();
}

export async function otherBranchWorks(name: string): Promise<void> {
  await mu.lock();
  if (seen.has(name)) {
    mu.unlock();
    return;
  }
  seen.add(name);
  mu.unlock();
}

export async function theOtherSide(): Promise<number> {
  await rw.lock();
  counter = 0;
  rw.unlock();
  await rw.rLock();
  const now = counter;
  rw.rUnlock();
  return now;
}

declare function whenIdle(callback: () => Promise<void>): Promise<void>;

export async function gate(): Promise<void> {
  await whenIdle(async () => {
    await mu.lock();
    mu.unlock();
  });
}
