// Unlocked twice on one path, or never locked at all.
import { Mutex, RWMutex } from "@lockscope/sync";

declare function save(name: string): Promise<void>;

const mu = new Mutex({ name: "queue" });
const rw = new RWMutex({ name: "index" });
const queue: string[] = [];

export async function twiceInARow(): Promise<void> {
  await mu.lock();
  queue.pop();
  mu.unlock();
  mu.unlock(); // want: unlock-of-unlocked
}

export async function byHandAndInFinally(name: string): Promise<void> {
  await mu.lock();
  try {
    queue.push(name);
    if (queue.length > 10) {
      mu.unlock();
      return;
    }
    await save(name);
  } finally {
    mu.unlock(); // want: unlock-of-unlocked
  }
}

export async function inTheBranchAndAfterIt(name: string): Promise<void> {
  await mu.lock();
  if (queue.length === 0) {
    mu.unlock();
  }
  queue.push(name);
  mu.unlock(); // want: unlock-of-unlocked
}

export async function inTheCatchAndAfterIt(name: string): Promise<void> {
  await mu.lock();
  try {
    await save(name);
  } catch (error) {
    console.error(error);
    mu.unlock();
  }
  mu.unlock(); // want: unlock-of-unlocked
}

export async function unlockedInTheTryAndInTheCatch(name: string): Promise<void> {
  await mu.lock();
  try {
    queue.push(name);
    mu.unlock();
    await save(name);
  } catch {
    mu.unlock(); // want: unlock-of-unlocked
  }
}

export async function readerTwice(): Promise<number> {
  await rw.rLock();
  const size = queue.length;
  rw.rUnlock();
  console.log(size);
  rw.rUnlock(); // want: unlock-of-unlocked
  return size;
}

export async function guardTwice(): Promise<void> {
  const guard = await mu.acquire();
  queue.pop();
  guard.release();
  guard.release(); // want: unlock-of-unlocked
}

export async function guardTwiceUnderUsing(name: string): Promise<void> {
  using guard = await rw.acquire();
  queue.push(name);
  guard.release();
  console.log("pushed", name);
  guard.release(); // want: unlock-of-unlocked
}

export async function againInTheLoop(names: string[]): Promise<void> {
  await mu.lock();
  do {
    queue.push(names.pop() ?? "");
    mu.unlock(); // want: unlock-of-unlocked
  } while (names.length > 0);
}

export async function throughAnAlias(): Promise<void> {
  const lock = mu;
  await lock.lock();
  queue.pop();
  lock.unlock();
  mu.unlock(); // want: unlock-of-unlocked
}

/** No code anywhere locks this one. */
const idle = new Mutex({ name: "idle" });

export function neverLocked(): void {
  queue.length = 0;
  idle.unlock(); // want: unlock-of-unlocked
}

export class Worker {
  readonly #mu = new Mutex({ name: "worker" });
  readonly #never = new RWMutex({ name: "never" });
  #jobs = 0;

  #finish(): void {
    this.#jobs--;
    this.#mu.unlock();
  }

  async helperUnlocksAlready(): Promise<void> {
    await this.#mu.lock();
    this.#jobs++;
    this.#finish();
    this.#mu.unlock(); // want: unlock-of-unlocked
  }

  noReaderEver(): void {
    this.#never.rUnlock(); // want: unlock-of-unlocked
  }
}
