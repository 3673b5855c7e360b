// The second lock sits in a method or function that is called while the lock is held.
import { Mutex, RWMutex } from "@lockscope/sync";

export class Inventory {
  readonly #mu = new Mutex({ name: "inventory" });
  readonly #items = new Map<string, number>();

  async count(name: string): Promise<number> {
    await this.#mu.lock();
    try {
      return this.#items.get(name) ?? 0;
    } finally {
      this.#mu.unlock();
    }
  }

  async #sum(names: readonly string[]): Promise<number> {
    let sum = 0;
    for (const name of names) sum += await this.count(name);
    return sum;
  }

  async add(name: string, count: number): Promise<void> {
    await this.#mu.withLock(() => {
      this.#items.set(name, count);
    });
  }

  async callsAMethod(name: string): Promise<boolean> {
    await this.#mu.lock();
    try {
      const left = await this.count(name); // want: reentrant-lock
      return left > 0;
    } finally {
      this.#mu.unlock();
    }
  }

  async callsThroughTwo(names: readonly string[]): Promise<number> {
    await this.#mu.lock();
    try {
      return await this.#sum(names); // want: reentrant-lock
    } finally {
      this.#mu.unlock();
    }
  }

  async underUsing(name: string): Promise<void> {
    using guard = await this.#mu.acquire();
    await this.add(name, 1); // want: reentrant-lock
  }

  async insideWithLock(name: string): Promise<void> {
    await this.#mu.withLock(() => this.add(name, 1)); // want: reentrant-lock
  }

  async inACallbackThatRunsAtOnce(names: readonly string[]): Promise<void> {
    await this.#mu.lock();
    try {
      await Promise.all(names.map((name) => this.add(name, 1))); // want: reentrant-lock
    } finally {
      this.#mu.unlock();
    }
  }

  async onOneBranch(name: string): Promise<void> {
    await this.#mu.lock();
    try {
      if (!this.#items.has(name)) await this.add(name, 0); // want: reentrant-lock
      this.#items.set(name, 1);
    } finally {
      this.#mu.unlock();
    }
  }

  async throughAlias(name: string): Promise<number> {
    const self = this;
    const mu = this.#mu;
    await mu.lock();
    try {
      return await self.count(name); // want: reentrant-lock
    } finally {
      mu.unlock();
    }
  }
}

export class Base {
  protected readonly mu = new Mutex({ name: "base" });
  protected rows: string[] = [];

  async add(row: string): Promise<void> {
    await this.mu.lock();
    try {
      this.rows.push(row);
    } finally {
      this.mu.unlock();
    }
  }
}

export class Derived extends Base {
  override async add(row: string): Promise<void> {
    await this.mu.lock();
    try {
      this.rows.pop();
      await super.add(row); // want: reentrant-lock
    } finally {
      this.mu.unlock();
    }
  }

  async inherited(row: string): Promise<void> {
    await this.mu.withLock(async () => {
      await this.add(row); // want: reentrant-lock
    });
  }
}

const rw = new RWMutex({ name: "module" });
const rows = new Map<string, string>();

async function read(key: string): Promise<string | undefined> {
  await rw.rLock();
  try {
    return rows.get(key);
  } finally {
    rw.rUnlock();
  }
}

async function write(key: string, value: string): Promise<void> {
  await rw.lock();
  try {
    rows.set(key, value);
  } finally {
    rw.unlock();
  }
}

const log = async (key: string): Promise<void> => {
  await rw.withRLock(() => console.log(rows.get(key)));
};

export async function functionUnderTheWriteLock(key: string): Promise<void> {
  await rw.lock();
  try {
    if ((await read(key)) === undefined) rows.set(key, ""); // want: reentrant-lock
  } finally {
    rw.unlock();
  }
}

export async function functionUpgrades(key: string): Promise<void> {
  await rw.rLock();
  try {
    if (!rows.has(key)) await write(key, ""); // want: reentrant-lock
  } finally {
    rw.rUnlock();
  }
}

export async function arrowUnderTheWriteLock(key: string): Promise<void> {
  await rw.lock();
  try {
    await log(key); // want: reentrant-lock
  } finally {
    rw.unlock();
  }
}

async function eachKey(visit: (key: string) => Promise<void>): Promise<void> {
  for (const key of rows.keys()) await visit(key);
}

export async function callbackIsAwaitedByTheCallee(): Promise<void> {
  await rw.lock();
  try {
    await eachKey((key) => write(key, "")); // want: reentrant-lock
  } finally {
    rw.unlock();
  }
}

/** `lock` is whatever the caller hands in: here the very lock it holds. */
async function underLock(lock: Mutex, key: string): Promise<void> {
  await lock.lock();
  rows.delete(key);
  lock.unlock();
}

const handed = new Mutex({ name: "handed" });

export async function handsItsOwnLockDown(key: string): Promise<void> {
  await handed.lock();
  try {
    await underLock(handed, key); // want: reentrant-lock
  } finally {
    handed.unlock();
  }
}
