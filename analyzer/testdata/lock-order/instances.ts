// Two instances of one class: locked in the order of the arguments, and the usual ways that are right.
import { Mutex } from "@lockscope/sync";

class Account {
  readonly mu = new Mutex({ name: "account" });
  cents = 0;
  constructor(readonly id: number) {}

  async deposit(cents: number): Promise<void> {
    await this.mu.withLock(() => {
      this.cents += cents;
    });
  }

  async transferTo(other: Account, cents: number): Promise<void> {
    await this.mu.lock();
    try {
      this.cents -= cents;
      await other.deposit(cents); // want: lock-order
    } finally {
      this.mu.unlock();
    }
  }
}

export async function transfer(from: Account, to: Account, cents: number): Promise<void> {
  await from.mu.lock();
  try {
    await to.mu.lock(); // want: lock-order
    try {
      from.cents -= cents;
      to.cents += cents;
    } finally {
      to.mu.unlock();
    }
  } finally {
    from.mu.unlock();
  }
}

export async function inOrder(from: Account, to: Account, cents: number): Promise<void> {
  const [first, second] = from.id < to.id ? [from, to] : [to, from];
  await first.mu.lock();
  await second.mu.lock();
  from.cents -= cents;
  to.cents += cents;
  second.mu.unlock();
  first.mu.unlock();
}

export async function inOrderByBranches(from: Account, to: Account): Promise<void> {
  if (from.id < to.id) {
    await from.mu.lock();
    await to.mu.lock();
  } else {
    await to.mu.lock();
    await from.mu.lock();
  }
  to.cents += from.cents;
  from.cents = 0;
  from.mu.unlock();
  to.mu.unlock();
}

export async function inSortedOrder(accounts: readonly Account[]): Promise<number> {
  const sorted = [...accounts].sort((x, y) => x.id - y.id);
  for (const account of sorted) await account.mu.lock();
  const sum = sorted.reduce((total, account) => total + account.cents, 0);
  for (const account of sorted) account.mu.unlock();
  return sum;
}

const locks = new Map<string, Mutex>();

function lockOf(key: string): Mutex {
  let mu = locks.get(key);
  if (mu === undefined) {
    mu = new Mutex({ name: key });
    locks.set(key, mu);
  }
  return mu;
}

export async function rename(source: string, target: string): Promise<void> {
  await lockOf(source).withLock(async () => {
    await lockOf(target).withLock(() => locks.delete(source)); // want: lock-order
  });
}

export async function renameInOrder(source: string, target: string): Promise<void> {
  const [first = "", second = ""] = [source, target].sort();
  await lockOf(first).withLock(async () => {
    await lockOf(second).withLock(() => locks.delete(source));
  });
}

/** A tree: a node is locked before its child, everywhere. */
class Folder {
  readonly mu = new Mutex();
  readonly #children = new Map<string, Folder>();

  async adopt(name: string, child: Folder): Promise<void> {
    await this.mu.lock();
    await child.mu.lock();
    this.#children.set(name, child);
    child.mu.unlock();
    this.mu.unlock();
  }

  async size(): Promise<number> {
    await this.mu.lock();
    try {
      let size = 1;
      for (const child of this.#children.values()) size += await child.size();
      return size;
    } finally {
      this.mu.unlock();
    }
  }
}

export const root = new Folder();

const savings = new Account(1);
const checking = new Account(2);

/** Called with these two alone, and always in this order. */
async function sweep(source: Account, target: Account): Promise<void> {
  await source.mu.lock();
  await target.mu.lock();
  target.cents += source.cents;
  source.cents = 0;
  target.mu.unlock();
  source.mu.unlock();
}

export async function nightly(): Promise<void> {
  await sweep(checking, savings);
}
