// cockroach-7504, mended: the cache is never asked while a lease is locked.
import { go, gosched, Mutex } from "@lockscope/sync";

class Lease {
  readonly mu = new Mutex({ name: "lease.mu" });
  refcount = 1;
  constructor(readonly name: string) {}
}

class TableNameCache {
  readonly mu = new Mutex({ name: "tableNameCache.mu" });
  readonly #tables = new Map<string, Lease>();

  constructor(leases: readonly Lease[]) {
    for (const lease of leases) this.#tables.set(lease.name, lease);
  }

  async get(name: string): Promise<Lease | undefined> {
    await this.mu.lock();
    try {
      const lease = this.#tables.get(name);
      if (!lease) return undefined;
      await gosched();
      await lease.mu.lock();
      lease.refcount++;
      lease.mu.unlock();
      return lease;
    } finally {
      this.mu.unlock();
    }
  }

  async remove(lease: Lease): Promise<void> {
    await this.mu.lock();
    this.#tables.delete(lease.name);
    this.mu.unlock();
  }
}

class LeaseManager {
  constructor(private readonly names: TableNameCache) {}

  async acquireByName(name: string): Promise<Lease | undefined> {
    return this.names.get(name);
  }

  async release(lease: Lease): Promise<void> {
    const last = await lease.mu.withLock(() => {
      lease.refcount--;
      return lease.refcount === 0;
    });
    if (last) await this.names.remove(lease);
  }
}

export default async function scenario(): Promise<void> {
  const lease = new Lease("users");
  const manager = new LeaseManager(new TableNameCache([lease]));
  const acquirer = go(() => manager.acquireByName("users"), { name: "acquire by name" });
  const releaser = go(() => manager.release(lease), { name: "release" });
  await acquirer.join();
  await releaser.join();
}
