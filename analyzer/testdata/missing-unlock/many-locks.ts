// Locks that come in numbers: arrays, maps by key, all of them taken by one loop and given back by another.
import { Mutex, RWMutex } from "@lockscope/sync";

class Shard {
  readonly mu = new Mutex({ name: "shard" });
  readonly rows = new Map<string, string>();
}

const shards = [new Shard(), new Shard(), new Shard()];

export async function locksAllThenUnlocksAll(): Promise<number> {
  for (const shard of shards) await shard.mu.lock();
  let rows = 0;
  for (const shard of shards) rows += shard.rows.size;
  for (const shard of shards) shard.mu.unlock();
  return rows;
}

export async function unlocksAllInFinally(save: () => Promise<void>): Promise<void> {
  const held: Mutex[] = [];
  try {
    for (const shard of shards) {
      await shard.mu.lock();
      held.push(shard.mu);
    }
    await save();
  } finally {
    for (const mu of held.reverse()) mu.unlock();
  }
}

export async function locksAllAtOnce(): Promise<number> {
  await Promise.all(shards.map((shard) => shard.mu.lock()));
  const rows = shards.length;
  for (const shard of shards) shard.mu.unlock();
  return rows;
}

export async function oneShardByIndex(index: number, key: string): Promise<void> {
  await shards[index % 3]!.mu.lock();
  shards[index % 3]!.rows.delete(key);
  shards[index % 3]!.mu.unlock();
}

export class KeyedLocks {
  readonly #locks = new Map<string, Mutex>();
  readonly #byRow: Record<string, RWMutex> = {};
  readonly #seen = new Set<string>();

  #lockFor(key: string): Mutex {
    let mu = this.#locks.get(key);
    if (!mu) {
      mu = new Mutex({ name: key });
      this.#locks.set(key, mu);
    }
    return mu;
  }

  async byKey(key: string): Promise<void> {
    const mu = this.#lockFor(key);
    await mu.lock();
    this.#seen.add(key);
    mu.unlock();
  }

  async byKeyForgets(key: string): Promise<boolean> {
    const mu = this.#lockFor(key);
    await mu.lock(); // want: missing-unlock
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    mu.unlock();
    return true;
  }

  async looksItUpTwice(key: string): Promise<void> {
    await this.#locks.get(key)!.lock();
    this.#seen.add(key);
    this.#locks.get(key)!.unlock();
  }

  async throughARecord(key: string): Promise<boolean> {
    await this.#byRow[key]?.rLock();
    const seen = this.#seen.has(key);
    this.#byRow[key]?.rUnlock();
    return seen;
  }

  async twoKeys(from: string, to: string): Promise<void> {
    const [first, second] = from < to ? [from, to] : [to, from];
    const a = this.#lockFor(first);
    const b = this.#lockFor(second);
    await a.lock();
    try {
      await b.lock();
      this.#seen.add(first);
      this.#seen.add(second);
      b.unlock();
    } finally {
      a.unlock();
    }
  }
}
