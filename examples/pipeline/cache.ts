import { RWMutex, sleep } from "@lockscope/sync";

/** Word counts by page. Readers share the lock; whoever adds a page holds it alone. */
export class Cache {
  private readonly rw = new RWMutex({ name: "cache" });
  private readonly words = new Map<string, number>();
  private hits = 0;
  private misses = 0;

  async get(page: string): Promise<number | undefined> {
    await this.rw.rLock();
    try {
      await sleep(1);
      return this.words.get(page);
    } finally {
      this.rw.rUnlock();
    }
  }

  /** Keeps the first answer when two workers computed the same page. */
  async put(page: string, words: number): Promise<void> {
    await this.rw.lock();
    try {
      await sleep(3);
      if (!this.words.has(page)) this.words.set(page, words);
    } finally {
      this.rw.unlock();
    }
  }

  async count(hit: boolean): Promise<void> {
    using _guard = await this.rw.acquire();
    if (hit) this.hits++;
    else this.misses++;
  }

  async report(): Promise<string> {
    return this.rw.withRLock(() => `${this.words.size} pages, ${this.hits} hits, ${this.misses} misses`);
  }
}
