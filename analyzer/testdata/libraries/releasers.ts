// await-semaphore and @rocicorp/lock: functions that release; and two plain ones.
import { Lock, RWLock } from "@rocicorp/lock";
import AwaitLock from "await-lock";
import { Mutex, Semaphore } from "await-semaphore";
import { Lock as BinaryLock } from "semaphore-async-await";

declare function load(id: string): Promise<string>;
declare function save(text: string): Promise<void>;

const semaphore = new Semaphore(2);
const mutex = new Mutex();
const lock = new Lock();
const rw = new RWLock();
const awaitLock = new AwaitLock();
const binary = new BinaryLock();

export async function throwsBetween(id: string): Promise<void> {
  const done = await semaphore.acquire(); // want: unlock-not-in-finally
  await load(id);
  done();
}

export async function itself(): Promise<void> {
  await mutex.use(async () => {
    await mutex.use(() => save("")); // want: reentrant-lock
  });
}

export async function leavesByAThrow(id: string): Promise<void> {
  const release = await lock.lock(); // want: missing-unlock
  if (id === "") throw new Error("no id");
  release();
}

export async function upgrades(): Promise<void> {
  const read = await rw.read();
  try {
    const write = await rw.write(); // want: reentrant-lock
    write();
  } finally {
    read();
  }
}

export async function upgradesInSections(): Promise<void> {
  await rw.withRead(() => rw.withWrite(() => save(""))); // want: reentrant-lock
}

export async function readsWhileReading(): Promise<void> {
  await rw.withRead(() => rw.withRead(() => load("a"))); // want: recursive-read-lock
}

export async function plain(id: string): Promise<void> {
  await awaitLock.acquireAsync(); // want: unlock-not-in-finally
  await load(id);
  awaitLock.release();
}

export async function binaryTwice(): Promise<void> {
  await binary.acquire();
  try {
    await binary.execute(() => save("")); // want: reentrant-lock
  } finally {
    binary.release();
  }
}

export async function inFinally(id: string): Promise<string> {
  const release = await rw.read();
  try {
    return await load(id);
  } finally {
    release();
  }
}

export async function inChains(id: string): Promise<string> {
  return semaphore.acquire().then((release) => load(id).finally(release));
}

export async function sections(): Promise<void> {
  await rw.withRead(() => load("a"));
  await rw.withWrite(() => save("a"));
  await lock.withLock(() => save("b"));
  await semaphore.use(() => save("c"));
}

export async function ifItIsFree(): Promise<boolean> {
  if (!awaitLock.tryAcquire()) return false;
  try {
    await save("");
  } finally {
    awaitLock.release();
  }
  return true;
}
