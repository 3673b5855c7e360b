// A section raced against a timer runs on when the timer wins.
import { Mutex, sleep } from "@lockscope/sync";
import AsyncLock from "async-lock";

declare function fetchRow(key: string, signal?: AbortSignal): Promise<string>;
declare function writeRow(key: string, row: string): Promise<void>;

function withTimeout<T>(work: Promise<T>, ms: number): Promise<T> {
  const timeout = new Promise<never>((_, reject) => {
    setTimeout(() => reject(new Error("timed out")), ms);
  });
  return Promise.race([work, timeout]);
}

function limited<T>(work: () => Promise<T>, ms: number): Promise<T | undefined> {
  return Promise.race([work(), sleep(ms).then(() => undefined)]);
}

const keyed = new AsyncLock();

export class Table {
  private readonly mu = new Mutex({ name: "table" });
  private readonly rows = new Map<string, string>();

  private async refresh(key: string): Promise<void> {
    const row = await fetchRow(key);
    this.rows.set(key, row);
  }

  async update(key: string): Promise<void> {
    await this.mu.lock();
    try {
      this.rows.delete(key);
      await Promise.race([this.refresh(key), sleep(1000)]); // want: abandoned-section
    } finally {
      this.mu.unlock();
    }
  }

  async updateInSection(key: string): Promise<void> {
    await this.mu.withLock(async () => {
      this.rows.delete(key);
      await withTimeout(this.refresh(key), 1000); // want: abandoned-section
    });
  }

  async write(key: string, row: string): Promise<void> {
    using guard = await this.mu.acquire();
    this.rows.set(key, row);
    const timeout = sleep(500);
    await Promise.race([
      writeRow(key, row), // want: abandoned-section
      timeout,
    ]);
  }

  async outside(key: string): Promise<void> {
    const done = await Promise.race([
      this.mu.withLock(() => this.refresh(key)).then(() => true), // want: abandoned-section
      sleep(100).then(() => false),
    ]);
    if (!done) throw new Error("too slow");
  }

  async exclusively<T>(work: () => Promise<T>, ms: number): Promise<T | undefined> {
    await this.mu.lock();
    try {
      return await Promise.race([work(), sleep(ms).then(() => undefined)]); // want: abandoned-section
    } finally {
      this.mu.unlock();
    }
  }

  async byHelper(key: string): Promise<void> {
    await this.mu.lock();
    try {
      await limited(async () => { // want: abandoned-section
        const row = await fetchRow(key);
        this.rows.set(key, row);
      }, 100);
    } finally {
      this.mu.unlock();
    }
  }

  async byOption(key: string): Promise<void> {
    await keyed.acquire(key, () => this.refresh(key), { maxExecutionTime: 1000 }); // want: abandoned-section
  }

  // Right from here on.

  async waitsForTheLockOnly(key: string): Promise<void> {
    await this.mu.lock({ signal: AbortSignal.timeout(1000) });
    try {
      await this.refresh(key);
    } finally {
      this.mu.unlock();
    }
  }

  async stopped(key: string): Promise<void> {
    const controller = new AbortController();
    await this.mu.lock();
    try {
      const row = await Promise.race([fetchRow(key, controller.signal), sleep(100)]);
      if (row === undefined) controller.abort();
      else this.rows.set(key, row);
    } finally {
      this.mu.unlock();
    }
  }

  /** What is asked for late is not heard any more. */
  async onlyReads(key: string): Promise<string | undefined> {
    await this.mu.lock();
    try {
      const row = await Promise.race([fetchRow(key), sleep(100)]);
      return row ?? this.rows.get(key);
    } finally {
      this.mu.unlock();
    }
  }

  async without(key: string): Promise<void> {
    await Promise.race([this.refresh(key), sleep(1000)]);
  }

  async first(key: string): Promise<string> {
    await this.mu.lock();
    try {
      return await Promise.race([fetchRow(key), fetchRow(`${key}.backup`)]);
    } finally {
      this.mu.unlock();
    }
  }

  async queued(key: string): Promise<void> {
    await keyed.acquire(key, () => this.refresh(key), { timeout: 1000 });
  }
}
