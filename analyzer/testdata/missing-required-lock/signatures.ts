// What is promised where only a signature is to be seen.
import { Mutex } from "@lockscope/sync";

declare function save(rows: readonly string[]): Promise<void>;

interface Table {
  readonly mu: Mutex;
  /** @requires mu */
  put(row: string): void;
  /** @excludes mu */
  sync(): Promise<void>;
  /** @acquires mu */
  begin(): Promise<void>;
  /** @releases mu */
  end(): void;
}

export async function right(table: Table): Promise<void> {
  await table.begin();
  try {
    table.put("a");
  } finally {
    table.end();
  }
  await table.sync();
  await table.mu.withLock(() => table.put("b"));
}

export async function wrong(table: Table): Promise<void> {
  table.put("a"); // want: missing-required-lock
  await table.begin();
  try {
    await table.sync(); // want: missing-required-lock, reentrant-lock
  } finally {
    table.end();
  }
  table.put("b"); // want: missing-required-lock
}

/** Keeps what its interface promises. */
export class Rows implements Table {
  readonly mu = new Mutex({ name: "rows" });
  /** @guardedBy mu */
  rows: string[] = [];

  put(row: string): void {
    this.rows = [...this.rows, row];
  }

  async sync(): Promise<void> {
    const rows = await this.mu.withLock(() => this.rows);
    await save(rows);
  }

  async begin(): Promise<void> {
    await this.mu.lock();
  }

  end(): void {
    this.mu.unlock();
  }

  async putAll(rows: readonly string[]): Promise<void> {
    await this.begin();
    try {
      for (const row of rows) this.put(row);
    } finally {
      this.end();
    }
    this.put(""); // want: missing-required-lock
  }
}

abstract class Base {
  protected readonly mu = new Mutex({ name: "base" });

  /** @requires mu */
  protected abstract apply(row: string): void;

  async all(rows: readonly string[]): Promise<void> {
    await this.mu.withLock(() => {
      for (const row of rows) this.apply(row);
    });
    this.apply("end"); // want: missing-required-lock
  }
}

export class Log extends Base {
  /** @guardedBy mu */
  #text = "";

  protected apply(row: string): void {
    this.#text += row;
  }

  /** Answers true with the lock held. @acquires mu */
  async tryBegin(row: string): Promise<boolean> {
    await this.mu.lock();
    if (row === "") {
      this.mu.unlock();
      return false;
    }
    return true;
  }

  async one(row: string): Promise<void> {
    if (!(await this.tryBegin(row))) return;
    try {
      this.apply(row);
    } finally {
      this.mu.unlock();
    }
  }
}
