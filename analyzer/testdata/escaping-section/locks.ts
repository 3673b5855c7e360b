// Under a modelled lock: what is returned or dropped goes on when the lock is gone.
import { defer, Mutex, RWMutex } from "@lockscope/sync";

declare function put(key: string, value: string): Promise<void>;
declare function get(key: string): Promise<string>;
declare function report(error: unknown): void;

export class Store {
  private readonly mu = new Mutex({ name: "store" });
  private readonly rw = new RWMutex({ name: "view" });
  private version = 0;
  private pages: string[] = [];

  private async write(value: string): Promise<void> {
    await put("page", value);
    this.version += 1;
  }

  private async takesItsTurn(value: string): Promise<void> {
    await this.mu.lock();
    try {
      await put("turn", value);
    } finally {
      this.mu.unlock();
    }
  }

  async save(value: string): Promise<void> {
    await this.mu.lock();
    try {
      return this.write(value); // want: escaping-section
    } finally {
      this.mu.unlock();
    }
  }

  async saveUnknown(value: string): Promise<void> {
    await this.mu.lock();
    try {
      if (value === "") return;
      return put("unknown", value); // want: escaping-section
    } finally {
      this.mu.unlock();
    }
  }

  async guarded(value: string): Promise<void> {
    using guard = await this.mu.acquire();
    this.version += 1;
    return this.write(value); // want: escaping-section
  }

  async deferred(): Promise<string> {
    await this.rw.rLock();
    using _ = defer(() => this.rw.rUnlock());
    return get("latest").then((page) => page.trim()); // want: escaping-section
  }

  async named(value: string): Promise<void> {
    await this.mu.lock();
    try {
      const done = this.write(value);
      return done; // want: escaping-section
    } finally {
      this.mu.unlock();
    }
  }

  async all(values: string[]): Promise<void[]> {
    await this.mu.lock();
    try {
      return Promise.all(values.map((value) => this.write(value))); // want: escaping-section
    } finally {
      this.mu.unlock();
    }
  }

  /** A lock wrapper that unlocks before its section is over. */
  async exclusive<T>(work: () => Promise<T>): Promise<T> {
    await this.mu.lock();
    try {
      return work(); // want: escaping-section
    } finally {
      this.mu.unlock();
    }
  }

  async choice(value: string): Promise<void> {
    await this.mu.lock();
    try {
      return value === "" ? undefined : this.write(value); // want: escaping-section
    } finally {
      this.mu.unlock();
    }
  }

  private async reload(): Promise<void> {
    const text = await get("pages");
    this.pages = text.split("\n");
  }

  async refresh(): Promise<void> {
    await this.mu.withLock(async () => {
      this.pages = [];
      this.reload(); // want: escaping-section
    });
  }

  async refreshQuietly(): Promise<void> {
    await this.mu.lock();
    try {
      this.pages.length = 0;
      void this.reload().catch(report); // want: escaping-section
    } finally {
      this.mu.unlock();
    }
  }

  async refreshEach(keys: string[]): Promise<void> {
    await this.mu.withLock(() => {
      keys.forEach(async (key) => { // want: escaping-section
        const page = await get(key);
        this.pages.push(page);
      });
    });
  }

  async refreshBeside(): Promise<void> {
    await this.mu.lock();
    try {
      (async () => { // want: escaping-section
        const page = await get("beside");
        this.pages = [page];
      })();
    } finally {
      this.mu.unlock();
    }
  }

  // Right from here on.

  async awaited(value: string): Promise<void> {
    await this.mu.lock();
    try {
      return await this.write(value);
    } finally {
      this.mu.unlock();
    }
  }

  async sectioned(value: string): Promise<void> {
    return this.mu.withLock(() => this.write(value));
  }

  async sectionedBlock(value: string): Promise<void> {
    await this.mu.withLock(() => {
      this.version += 1;
      return this.write(value);
    });
  }

  async plainValue(): Promise<number> {
    await this.mu.lock();
    try {
      return this.version;
    } finally {
      this.mu.unlock();
    }
  }

  private next(): number {
    this.version += 1;
    return this.version;
  }

  async synchronous(): Promise<number> {
    await this.mu.lock();
    try {
      return this.next();
    } finally {
      this.mu.unlock();
    }
  }

  /** It takes its own turn, after this one. */
  async handsBack(value: string): Promise<void> {
    await this.mu.lock();
    try {
      this.version += 1;
      return this.takesItsTurn(value);
    } finally {
      this.mu.unlock();
    }
  }

  async behindTheLock(value: string): Promise<void> {
    await this.mu.lock();
    try {
      this.version += 1;
    } finally {
      this.mu.unlock();
    }
    return put("behind", value);
  }

  async unlockedByHand(value: string): Promise<void> {
    await this.mu.lock();
    this.version += 1;
    this.mu.unlock();
    return put("after", value);
  }

  private async notify(value: string): Promise<void> {
    await put("log", value);
  }

  /** Writes nothing that the lock is for. */
  async tellsInPassing(value: string): Promise<void> {
    await this.mu.withLock(async () => {
      await this.write(value);
      void this.notify(value);
    });
  }

  async dropsItsTurn(value: string): Promise<void> {
    await this.mu.lock();
    try {
      this.version += 1;
      void this.takesItsTurn(value);
    } finally {
      this.mu.unlock();
    }
  }

  async known(): Promise<string> {
    await this.mu.lock();
    try {
      return Promise.resolve(this.pages[0] ?? "");
    } finally {
      this.mu.unlock();
    }
  }
}
