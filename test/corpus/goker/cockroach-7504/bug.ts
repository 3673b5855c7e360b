// cockroach-7504: releasing a lease takes lease.mu and then the name cache; acquiring it by name takes the name
// cache and then lease.mu.
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
      await lease.mu.lock(); // want: lock-order
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
    await lease.mu.lock();
    try {
      lease.refcount--;
      if (lease.refcount === 0) await this.names.remove(lease); // want: lock-order
    } finally {
      lease.mu.unlock();
    }
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
