// Unlocks that look alone, or look double, and are neither.
import { Mutex, RWMutex, sleep } from "@lockscope/sync";

declare function save(name: string): Promise<void>;

const mu = new Mutex({ name: "queue" });
const rw = new RWMutex({ name: "index" });
const queue: string[] = [];

export async function lockedAgainInBetween(): Promise<void> {
  await mu.lock();
  queue.pop();
  mu.unlock();
  console.log("popped");
  await mu.lock();
  queue.pop();
  mu.unlock();
}

export async function unlocksAndReturns(name: string): Promise<void> {
  await mu.lock();
  if (queue.includes(name)) {
    mu.unlock();
    return;
  }
  queue.push(name);
  mu.unlock();
}

export async function flagTellsTheFinally(name: string): Promise<void> {
  await mu.lock();
  let held = true;
  try {
    queue.push(name);
    if (queue.length > 10) {
      mu.unlock();
      held = false;
      await save(name);
    }
  } finally {
    if (held) mu.unlock();
  }
}

export async function asksTheLockItself(name: string): Promise<void> {
  await mu.lock();
  queue.push(name);
  if (name === "") mu.unlock();
  if (mu.locked) mu.unlock();
}

export async function relocksBeforeTheFinally(name: string): Promise<void> {
  await mu.lock();
  try {
    queue.push(name);
    mu.unlock();
    await sleep(1);
    await mu.lock();
    queue.pop();
  } finally {
    mu.unlock();
  }
}

export async function readersAreCounted(): Promise<void> {
  const first = rw.tryRLock();
  const second = rw.tryRLock();
  console.log(queue.length);
  if (first) rw.rUnlock();
  if (second) rw.rUnlock();
}

export class Box {
  readonly mu = new Mutex({ name: "box" });
  #held = false;
  items = 0;

  async open(): Promise<void> {
    await this.mu.lock();
    this.#held = true;
  }

  close(): void {
    if (!this.#held) return;
    this.#held = false;
    this.mu.unlock();
  }

  /** Called with the lock held, gives it back: `releases` says so. @releases mu */
  finish(): void {
    this.items++;
    this.mu.unlock();
  }

  async twoBoxes(other: Box): Promise<void> {
    await this.mu.lock();
    await other.mu.lock(); // want: lock-order
    this.items += other.items;
    other.items = 0;
    this.mu.unlock();
    other.mu.unlock();
  }

  async sameNameOtherBox(others: Box[]): Promise<void> {
    for (const box of others) await box.mu.lock();
    let total = 0;
    for (const box of others) total += box.items;
    for (const box of others) box.mu.unlock();
    this.items = total;
  }
}

export async function oneVariableTwoLocks(a: Mutex, b: Mutex): Promise<void> {
  await a.lock();
  await b.lock();
  queue.pop();
  let current = a;
  current.unlock();
  current = b;
  current.unlock();
}

export function unlocksForItsCaller(lock: Mutex): void {
  queue.length = 0;
  lock.unlock();
}

export async function eachCaseOnce(how: "first" | "last" | "none"): Promise<void> {
  await mu.lock();
  switch (how) {
    case "first":
      queue.shift();
      mu.unlock();
      return;
    case "last":
      queue.pop();
      break;
    default:
  }
  mu.unlock();
}

export async function inTheCallbackOnly(onDone: (listener: () => void) => void): Promise<void> {
  await mu.lock();
  queue.push("");
  onDone(() => mu.unlock());
}

let unlockIdle: (() => void) | undefined;
const idle = new Mutex({ name: "idle" });

export async function keepsTheRelease(): Promise<void> {
  await idle.lock();
  unlockIdle = () => idle.unlock();
}

export function callsTheRelease(): void {
  unlockIdle?.();
  unlockIdle = undefined;
}

export async function disposedAfterRelease(): Promise<void> {
  using guard = await mu.acquire();
  queue.pop();
  if (queue.length === 0) {
    guard.release();
  }
}

export async function guardOfEachTurn(names: readonly string[]): Promise<void> {
  for (const name of names) {
    const guard = await mu.acquire();
    queue.push(name);
    guard.release();
  }
}
