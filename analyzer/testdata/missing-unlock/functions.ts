// What other functions do to the lock: helpers that unlock, recursion, calls that never return.
import { Mutex } from "@lockscope/sync";

declare function read(name: string): Promise<string>;

export class Tree {
  readonly #mu = new Mutex({ name: "tree" });
  readonly #names = new Set<string>();
  #dirty = 0;

  #unlock(): void {
    this.#mu.unlock();
  }

  async #lock(): Promise<void> {
    await this.#mu.lock();
  }

  async helperUnlocks(name: string): Promise<void> {
    await this.#mu.lock();
    this.#names.add(name);
    this.#unlock();
  }

  async helperUnlocksInFinally(name: string): Promise<string> {
    await this.#mu.lock();
    try {
      return await read(name);
    } finally {
      this.#unlock();
    }
  }

  async helpersBothWays(name: string): Promise<string> {
    await this.#lock();
    try {
      return await read(name);
    } finally {
      this.#unlock();
    }
  }

  async flush(alreadyLocked: boolean): Promise<void> {
    if (!alreadyLocked) await this.#mu.lock();
    try {
      for (const name of this.#names) await read(name);
      this.#dirty = 0;
    } finally {
      if (!alreadyLocked) this.#mu.unlock();
    }
  }

  async flushWithOptions({ locked = false }: { locked?: boolean } = {}): Promise<void> {
    if (!locked) await this.#mu.lock();
    this.#dirty = 0;
    if (!locked) this.#mu.unlock();
  }

  async close(): Promise<void> {
    await this.#mu.lock();
    try {
      await this.flush(true);
      await this.flushWithOptions({ locked: true });
      this.#names.clear();
    } finally {
      this.#mu.unlock();
    }
  }

  /**
   * Called with the lock held; gives it up while it waits and has it again when it returns.
   * @requires #mu
   */
  async waitForReader(name: string): Promise<void> {
    this.#mu.unlock();
    try {
      await read(name);
    } catch (error) {
      console.error(error);
    }
    await this.#mu.lock();
    this.#dirty++;
  }
}

const mu = new Mutex({ name: "config" });
const config = new Map<string, string>();

export async function theProcessEnds(name: string): Promise<void> {
  await mu.lock();
  if (!config.has(name)) {
    console.error(`${name} is not configured`);
    process.exit(1);
  }
  config.delete(name);
  mu.unlock();
}

function die(message: string): never {
  console.error(message);
  process.exit(1);
}

// Nobody is left to wait for the lock.
export async function neverReturns(name: string): Promise<void> {
  await mu.lock();
  if (!config.has(name)) die(`${name} is not configured`);
  config.delete(name);
  mu.unlock();
}

function fail(message: string): never {
  throw new Error(message);
}

export async function throwsUnderAFinally(name: string): Promise<string> {
  await mu.lock();
  try {
    return config.get(name) ?? fail(`${name} is not configured`);
  } finally {
    mu.unlock();
  }
}

/** Both sides call each other until the queue is empty; each holds the lock only between its own two calls. */
export async function drain(queue: string[]): Promise<void> {
  await mu.lock();
  const name = queue.pop();
  mu.unlock();
  if (name !== undefined) await drain(queue);
}

export async function withHelper<T>(section: () => Promise<T>): Promise<T> {
  await mu.lock();
  try {
    return await section();
  } finally {
    mu.unlock();
  }
}

const unlockLater = (queue: (() => void)[]) => queue.push(() => mu.unlock());

export async function queuesTheUnlock(queue: (() => void)[]): Promise<void> {
  await mu.lock();
  config.clear();
  unlockLater(queue);
}
