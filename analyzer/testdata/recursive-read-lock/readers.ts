// A reader inside a reader: fine until a writer queues up in between, and then stuck for good.
import { RWMutex } from "@lockscope/sync";

declare function recompute(key: string): Promise<number>;

export class CpuSets {
  readonly #rw = new RWMutex({ name: "cpusets" });
  readonly #sets = new Map<string, number>();
  #fallback = 0;

  async get(container: string): Promise<number | undefined> {
    await this.#rw.rLock();
    try {
      return this.#sets.get(container);
    } finally {
      this.#rw.rUnlock();
    }
  }

  async fallback(): Promise<number> {
    return this.#rw.withRLock(() => this.#fallback);
  }

  async set(container: string, cpus: number): Promise<void> {
    await this.#rw.lock();
    this.#sets.set(container, cpus);
    this.#rw.unlock();
  }

  async setFallback(cpus: number): Promise<void> {
    using guard = await this.#rw.acquire();
    this.#fallback = cpus;
  }

  async throughCalls(container: string): Promise<number> {
    await this.#rw.rLock();
    try {
      const own = await this.get(container); // want: recursive-read-lock
      return own ?? (await this.fallback()); // want: recursive-read-lock
    } finally {
      this.#rw.rUnlock();
    }
  }

  async direct(container: string): Promise<number> {
    await this.#rw.rLock();
    try {
      await this.#rw.rLock(); // want: recursive-read-lock
      const cpus = this.#sets.get(container) ?? 0;
      this.#rw.rUnlock();
      return cpus;
    } finally {
      this.#rw.rUnlock();
    }
  }

  async underAReadGuard(container: string): Promise<number | undefined> {
    using guard = await this.#rw.acquireRead();
    return await this.get(container); // want: recursive-read-lock
  }

  async insideWithRLock(container: string): Promise<number | undefined> {
    return this.#rw.withRLock(() => this.get(container)); // want: recursive-read-lock
  }

  async oneAfterTheOther(container: string): Promise<number> {
    const own = await this.get(container);
    return own ?? (await this.fallback());
  }

  async unlocksFirst(container: string): Promise<number> {
    await this.#rw.rLock();
    const own = this.#sets.get(container);
    this.#rw.rUnlock();
    return own ?? this.fallback();
  }

  /** The caller holds the read side; this reads without locking. */
  #getLocked(container: string): number {
    return this.#sets.get(container) ?? this.#fallback;
  }

  async convention(container: string): Promise<number> {
    await this.#rw.rLock();
    try {
      return this.#getLocked(container);
    } finally {
      this.#rw.rUnlock();
    }
  }

  async otherInstance(other: CpuSets, container: string): Promise<number | undefined> {
    await this.#rw.rLock();
    try {
      return this.#sets.get(container) ?? (await other.get(container));
    } finally {
      this.#rw.rUnlock();
    }
  }

  async tryDoesNotWait(container: string): Promise<number | undefined> {
    await this.#rw.rLock();
    try {
      if (!this.#rw.tryRLock()) return undefined;
      try {
        return await recompute(container);
      } finally {
        this.#rw.rUnlock();
      }
    } finally {
      this.#rw.rUnlock();
    }
  }
}
