// kubernetes-62464: reading the CPU set of a container with a fallback holds the read side and calls two methods
// that take it again; a writer that queues up in between stops both.
import { go, gosched, RWMutex } from "@lockscope/sync";

class StateMemory {
  readonly #rw = new RWMutex({ name: "state" });
  readonly #assignments = new Map<string, number>();
  #defaultSet = 8;

  async getCpuSet(container: string): Promise<number | undefined> {
    await this.#rw.rLock();
    try {
      return this.#assignments.get(container);
    } finally {
      this.#rw.rUnlock();
    }
  }

  async getDefaultCpuSet(): Promise<number> {
    await this.#rw.rLock();
    try {
      return this.#defaultSet;
    } finally {
      this.#rw.rUnlock();
    }
  }

  async getCpuSetOrDefault(container: string): Promise<number> {
    await this.#rw.rLock();
    try {
      await gosched();
      const own = await this.getCpuSet(container); // want: recursive-read-lock
      if (own !== undefined) return own;
      return await this.getDefaultCpuSet(); // want: recursive-read-lock
    } finally {
      this.#rw.rUnlock();
    }
  }

  async setDefaultCpuSet(cpus: number): Promise<void> {
    await this.#rw.lock();
    this.#defaultSet = cpus;
    this.#rw.unlock();
  }
}

export default async function scenario(): Promise<void> {
  const state = new StateMemory();
  const reconcile = go(() => state.getCpuSetOrDefault("web"), { name: "reconcile" });
  const policy = go(() => state.setDefaultCpuSet(4), { name: "policy" });
  await reconcile.join();
  await policy.join();
}
