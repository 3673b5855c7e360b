import { go, Mutex, RWMutex } from "@lockscope/sync";

declare function save(rows: readonly string[]): Promise<void>;

export class Journal {
  readonly mu = new Mutex({ name: "journal" });
  readonly state = { rw: new RWMutex({ name: "state" }), rows: [] as string[] };
  #rows: string[] = [];

  constructor(first: readonly string[]) {
    for (const row of first) this.#append(row);
  }

  /** @requires mu */
  #append(row: string): void {
    this.#rows.push(row);
  }

  /**
   * Writes all rows out.
   * @requires mu
   */
  async flush(): Promise<void> {
    await save(this.#rows);
    this.#append("");
  }

  /** @excludes mu */
  async close(): Promise<void> {
    await this.mu.withLock(() => this.flush());
  }

  /** @requires this.state.rw the write side */
  reset = (): void => {
    this.state.rows.length = 0;
  };

  async right(row: string): Promise<void> {
    await this.mu.lock();
    try {
      this.#append(row);
      await this.flush();
    } finally {
      this.mu.unlock();
    }
    await this.state.rw.withLock(() => this.reset());
    await this.close();
  }

  async inSection(rows: readonly string[]): Promise<void> {
    await this.mu.withLock(() => {
      for (const row of rows) this.#append(row);
      rows.forEach((row) => this.#append(row));
    });
  }

  async throughHelper(row: string): Promise<void> {
    await this.mu.withLock(() => this.#two(row));
  }

  /** Nobody calls it without. */
  #two(row: string): void {
    this.#append(row);
    this.#append(row);
  }

  async wrong(row: string): Promise<void> {
    this.#append(row); // want: missing-required-lock
    await this.flush(); // want: missing-required-lock
    this.reset(); // want: missing-required-lock
  }

  async wrongAfterwards(row: string): Promise<void> {
    await this.mu.lock();
    this.#append(row);
    this.mu.unlock();
    await this.flush(); // want: missing-required-lock
  }

  async wrongOnOnePath(row: string, quick: boolean): Promise<void> {
    if (!quick) await this.mu.lock();
    this.#append(row); // want: missing-required-lock
    if (!quick) this.mu.unlock();
  }

  async wrongInATask(row: string): Promise<void> {
    const task = go(async () => {
      this.#append(row); // want: missing-required-lock
    });
    await task.join();
  }

  async held(): Promise<void> {
    await this.mu.lock();
    try {
      await this.close(); // want: missing-required-lock, reentrant-lock
    } finally {
      this.mu.unlock();
    }
  }

  /** @requires mu */
  async alsoHeld(): Promise<void> {
    await this.notWith(); // want: missing-required-lock
  }

  /** @excludes mu */
  async notWith(): Promise<void> {
    await save([]);
  }

  static async open(rows: readonly string[]): Promise<Journal> {
    const journal = new Journal([]);
    for (const row of rows) journal.#append(row);
    return journal;
  }
}

/** @requires journal.mu */
async function rotate(journal: Journal): Promise<void> {
  await journal.flush();
}

export async function nightly(journals: Map<string, Journal>, first: Journal, second: Journal): Promise<void> {
  await first.mu.withLock(() => rotate(first));
  await first.mu.withLock(() => rotate(second)); // want: missing-required-lock
  for (const journal of journals.values()) {
    using _ = await journal.mu.acquire();
    await rotate(journal);
  }
}

const mu = new Mutex({ name: "module" });
let total = 0;

/** @requires mu */
const add = (by: number): void => {
  total += by;
};

/** @requires lock */
function underAny(lock: Mutex, by: number): void {
  total += by;
}

export async function count(by: number): Promise<number> {
  await mu.withLock(() => add(by));
  await mu.withLock(() => underAny(mu, by));
  add(by); // want: missing-required-lock
  underAny(mu, by); // want: missing-required-lock
  return total;
}
