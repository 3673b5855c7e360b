import { Mutex, RWMutex } from "@lockscope/sync";

declare function load(key: string): Promise<string>;

interface Row {
  text: string;
  hits: number;
}

export class Annotated {
  readonly #rw = new RWMutex({ name: "annotated" });
  /** @guardedBy #rw */
  readonly #rows = new Map<string, Row>();
  /** @guardedBy #rw */
  #version = 0;
  /** @guardedBy #rw */
  #order: string[] = [];

  async get(key: string): Promise<string | undefined> {
    await this.#rw.rLock();
    try {
      const row = this.#rows.get(key);
      if (row === undefined) return undefined;
      row.hits++; // want: write-under-read-lock
      this.#version++; // want: write-under-read-lock
      return row.text;
    } finally {
      this.#rw.rUnlock();
    }
  }

  async fill(keys: readonly string[]): Promise<void> {
    await this.#rw.withRLock(async () => {
      for (const key of keys) {
        if (!this.#rows.has(key)) this.#rows.set(key, { text: await load(key), hits: 0 }); // want: write-under-read-lock
      }
      this.#order[0] = keys[0] ?? ""; // want: write-under-read-lock
    });
  }

  async clear(): Promise<void> {
    using _ = await this.#rw.acquireRead();
    for (const row of this.#rows.values()) {
      row.text = ""; // want: write-under-read-lock
    }
    this.#drop();
  }

  #drop(): void {
    this.#rows.clear(); // want: write-under-read-lock
  }

  async view(): Promise<void> {
    const reader = this.#rw.rLocker();
    await reader.lock();
    this.#order = []; // want: write-under-read-lock
    reader.unlock();
  }

  async right(key: string): Promise<Row | undefined> {
    await this.#rw.lock();
    try {
      this.#version += 1;
      const row = this.#rows.get(key);
      if (row !== undefined) row.hits += 1;
      this.#order.push(key);
      return row && { ...row };
    } finally {
      this.#rw.unlock();
    }
  }

  async read(key: string): Promise<Row> {
    using _ = await this.#rw.acquireRead();
    const found = this.#rows.get(key);
    const row = { text: "", hits: 0, ...found };
    row.hits = this.#version;
    const order = [...this.#order].sort();
    row.text = order.join();
    return row;
  }
}

/** Who writes elsewhere takes the write side. */
export class Inferred {
  readonly #rw = new RWMutex({ name: "inferred" });
  readonly #texts = new Map<string, string>();
  #hits = 0;
  #generation = 0;

  async get(key: string): Promise<string | undefined> {
    await this.#rw.rLock();
    try {
      this.#hits++; // a counter of the readers' own
      return this.#texts.get(key);
    } finally {
      this.#rw.rUnlock();
    }
  }

  async load(key: string): Promise<void> {
    using _ = await this.#rw.acquireRead();
    this.#texts.set(key, await load(key)); // want: write-under-read-lock
    this.#generation++; // want: write-under-read-lock
  }

  async clear(): Promise<void> {
    await this.#rw.lock();
    this.#texts.clear();
    this.#generation = 0;
    this.#rw.unlock();
  }

  async hits(): Promise<number> {
    return this.#rw.withRLock(() => this.#hits);
  }
}

/** A lock of its own for what readers change. */
export class TwoLocks {
  readonly #rw = new RWMutex({ name: "rows" });
  readonly #stats = new Mutex({ name: "stats" });
  /** @guardedBy #rw */
  readonly #rows = new Map<string, string>();
  /** @guardedBy #stats */
  #hits = 0;

  async get(key: string): Promise<string | undefined> {
    using _ = await this.#rw.acquireRead();
    await this.#stats.withLock(() => {
      this.#hits += 1;
    });
    return this.#rows.get(key);
  }

  async set(key: string, text: string): Promise<void> {
    await this.#rw.withLock(() => this.#rows.set(key, text));
  }

  /** Looked up under the read side, stored under the write side. */
  async upgrade(key: string): Promise<string> {
    const known = await this.#rw.withRLock(() => this.#rows.get(key));
    if (known !== undefined) return known;
    const text = await load(key);
    await this.#rw.lock();
    try {
      this.#rows.set(key, text);
    } finally {
      this.#rw.unlock();
    }
    return text;
  }
}
