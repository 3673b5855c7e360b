// A lock is released by a function that never took it.
import { Mutex, RWMutex } from "@lockscope/sync";

declare function write(text: string): Promise<void>;

class Journal {
  readonly #mu = new Mutex({ name: "journal" });
  #open = true;

  async append(text: string): Promise<void> {
    await this.#mu.lock();
    try {
      await write(text);
    } finally {
      this.#mu.unlock();
    }
  }

  async size(): Promise<number> {
    return this.#mu.withLock(() => (this.#open ? 1 : 0));
  }

  forceReset(): void {
    this.#open = false;
    this.#mu.unlock(); // want: foreign-release
  }

  onTimeout(): void {
    if (this.#mu.locked) this.#mu.unlock(); // want: foreign-release
  }
}

export const journal = new Journal();

const table = new RWMutex({ name: "table" });
let version = 0;

export async function read(): Promise<number> {
  await table.rLock();
  try {
    return version;
  } finally {
    table.rUnlock();
  }
}

export function abandon(): void {
  version++;
  table.rUnlock(); // want: foreign-release
}

/** Taken in one method and given back in another, on purpose. */
class Transaction {
  readonly #mu = new Mutex();
  #depth = 0;

  async begin(): Promise<void> {
    await this.#mu.lock();
    this.#depth++;
  }

  commit(): void {
    this.#depth--;
    this.#mu.unlock();
  }
}

export const transaction = new Transaction();

/** Called by who holds it. */
class Cache {
  readonly #mu = new Mutex();
  #entries = 0;

  async add(): Promise<void> {
    await this.#mu.lock();
    this.#entries++;
    this.#finish();
  }

  async clear(): Promise<void> {
    await this.#mu.lock();
    this.#entries = 0;
    this.#finish();
  }

  #finish(): void {
    this.#mu.unlock();
  }
}

export const cache = new Cache();

/** Gives it up for a while, for its caller. */
class Device {
  readonly #mu = new Mutex();

  async remove(): Promise<void> {
    await this.#mu.lock();
    try {
      await this.#wait();
    } finally {
      this.#mu.unlock();
    }
  }

  async #wait(): Promise<void> {
    this.#mu.unlock();
    await write("wait");
    await this.#mu.lock();
  }

  /** Called with the lock held. @releases #mu */
  finish(): void {
    this.#mu.unlock();
  }
}

export const device = new Device();

/** A callback of the one who took it. */
export async function inACallback(items: readonly string[]): Promise<void> {
  const mu = new Mutex();
  await mu.lock();
  const done = () => mu.unlock();
  for (const item of items) await write(item);
  done();
}

/** Handed over: whoever gets the release function calls it. */
class Leases {
  readonly #mu = new Mutex();

  async lease(): Promise<() => void> {
    await this.#mu.lock();
    return () => this.#mu.unlock();
  }
}

export const leases = new Leases();
