// Not the same lock, or not held any more.
import { Mutex, RWMutex } from "@lockscope/sync";

declare function load(key: string): Promise<string>;

export class Account {
  readonly mu = new Mutex({ name: "account" });
  readonly children: Account[] = [];
  parent: Account | undefined;
  cents = 0;

  async balance(): Promise<number> {
    await this.mu.lock();
    try {
      return this.cents;
    } finally {
      this.mu.unlock();
    }
  }

  /** Two instances of one class have two locks. */
  async mergeFrom(other: Account): Promise<void> {
    await this.mu.lock();
    try {
      this.cents += await other.balance(); // want: lock-order
    } finally {
      this.mu.unlock();
    }
  }

  /** A tree: every node has a lock of its own. */
  async total(): Promise<number> {
    await this.mu.lock();
    try {
      let sum = this.cents;
      for (const child of this.children) sum += await child.total();
      return sum;
    } finally {
      this.mu.unlock();
    }
  }

  async unlocksBeforeTheCall(): Promise<number> {
    await this.mu.lock();
    this.cents++;
    this.mu.unlock();
    return this.balance();
  }

  async unlocksOnTheBranchThatCalls(cents: number): Promise<number> {
    await this.mu.lock();
    if (cents < 0) {
      this.mu.unlock();
      return this.balance();
    }
    this.cents += cents;
    this.mu.unlock();
    return this.cents; // want: unguarded-access
  }

  async afterTheGuardsBlock(): Promise<number> {
    {
      using guard = await this.mu.acquire();
      this.cents++;
    }
    return this.balance();
  }

  async afterWithLock(): Promise<number> {
    await this.mu.withLock(() => {
      this.cents++;
    });
    return this.balance();
  }

  tryOnly(): boolean {
    if (!this.mu.tryLock()) return false;
    const again = this.mu.tryLock();
    console.log("locked twice:", again);
    this.mu.unlock();
    return true;
  }

  /** The convention for a method that has the lock already. */
  async addLocked(cents: number): Promise<void> {
    this.cents += cents;
    await load("journal");
  }

  async add(cents: number): Promise<void> {
    await this.mu.lock();
    try {
      await this.addLocked(cents);
    } finally {
      this.mu.unlock();
    }
  }

  async flush(alreadyLocked: boolean): Promise<void> {
    if (!alreadyLocked) await this.mu.lock();
    try {
      this.cents = 0;
      await load("flush");
    } finally {
      if (!alreadyLocked) this.mu.unlock();
    }
  }

  async close(): Promise<void> {
    await this.mu.lock();
    try {
      await this.flush(true);
    } finally {
      this.mu.unlock();
    }
  }

  async unlocksForAWhile(key: string): Promise<void> {
    await this.mu.lock();
    try {
      this.cents++;
      this.mu.unlock();
      try {
        await load(key);
      } catch (error) {
        console.error(error);
      }
      await this.mu.lock();
      this.cents--;
    } finally {
      this.mu.unlock();
    }
  }
}

const rw = new RWMutex({ name: "index" });
const locks = new Map<string, Mutex>();
const stripes = [new Mutex(), new Mutex(), new Mutex()];
const index = new Map<string, string>();

export async function oneAfterTheOther(key: string): Promise<void> {
  await rw.rLock();
  const known = index.has(key);
  rw.rUnlock();
  if (known) return;
  await rw.lock();
  index.set(key, "");
  rw.unlock();
}

export async function twoKeysTwoLocks(a: string, b: string): Promise<void> {
  await locks.get(a)!.lock();
  await locks.get(b)!.lock(); // want: lock-order
  index.delete(a);
  locks.get(b)!.unlock();
  locks.get(a)!.unlock();
}

export async function everyStripe(): Promise<void> {
  for (const stripe of stripes) await stripe.lock();
  index.clear();
  for (const stripe of stripes) stripe.unlock();
}

export async function newLockEachTime(keys: readonly string[]): Promise<void> {
  for (const key of keys) {
    const mu = new Mutex({ name: key });
    locks.set(key, mu);
    await mu.lock();
  }
  for (const mu of locks.values()) mu.unlock();
}

export async function recursesWithoutTheLock(key: string, depth: number): Promise<void> {
  await rw.lock();
  index.set(key, String(depth));
  rw.unlock();
  if (depth > 0) await recursesWithoutTheLock(key, depth - 1);
}

export async function locksAParentLast(account: Account): Promise<void> {
  await account.mu.lock();
  try {
    await account.parent?.balance();
  } finally {
    account.mu.unlock();
  }
}

/** The promise goes back unawaited: the `finally` releases before anybody waits for it. */
export async function handsBackThePromise(key: string): Promise<void> {
  await rw.lock();
  try {
    return recursesWithoutTheLock(key, 0);
  } finally {
    rw.unlock();
  }
}
