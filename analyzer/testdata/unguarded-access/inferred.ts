// No comment: almost all accesses hold the lock.
import { go, Mutex, RWMutex } from "@lockscope/sync";

declare function load(key: string): Promise<string>;

export class Balance {
  readonly #mu = new Mutex({ name: "balance" });
  readonly #limit = 100;
  #cents = 0;

  async deposit(cents: number): Promise<void> {
    await this.#mu.lock();
    this.#cents += cents;
    this.#mu.unlock();
  }

  async withdraw(cents: number): Promise<boolean> {
    using _ = await this.#mu.acquire();
    if (this.#cents < cents || cents > this.#limit) return false;
    this.#cents -= cents;
    return true;
  }

  async settle(): Promise<void> {
    await this.#mu.withLock(async () => {
      await load(`${this.#cents}`);
    });
  }

  reset(): void {
    this.#cents = 0; // want: unguarded-access
  }

  limit(): number {
    return this.#limit;
  }
}

/** Three guarded accesses are no habit yet. */
export class Few {
  readonly #mu = new Mutex({ name: "few" });
  #cents = 0;

  async deposit(cents: number): Promise<void> {
    await this.#mu.lock();
    this.#cents += cents;
    this.#mu.unlock();
  }

  async withdraw(cents: number): Promise<void> {
    using _ = await this.#mu.acquire();
    if (this.#cents > cents) this.#cents -= cents;
  }

  reset(): void {
    this.#cents = 0;
  }
}

/** As often without the lock as with it: it guards something else. */
export class Mixed {
  readonly #mu = new Mutex({ name: "mixed" });
  #hits = 0;
  #text = "";

  async refresh(): Promise<void> {
    await this.#mu.withLock(async () => {
      this.#hits += 1;
      this.#text = await load(`${this.#hits}`);
      this.#hits += this.#text.length;
      this.#hits -= 1;
    });
  }

  hit(): void {
    this.#hits++;
  }

  hits(): number {
    return this.#hits;
  }
}

/** A container that is only filled: its comment has to say so. */
export class Filled {
  readonly #mu = new Mutex({ name: "filled" });
  readonly #items: string[] = [];

  async work(item: string): Promise<void> {
    await this.#mu.withLock(() => {
      this.#items.push(item);
      this.#items.sort();
      this.#items.reverse();
      if (this.#items.length > 10) this.#items.pop();
    });
  }

  get size(): number {
    return this.#items.length;
  }
}

/** The quick look is repeated under the lock. */
export class Lazy {
  readonly #mu = new Mutex({ name: "lazy" });
  #value: string | undefined;
  #loads = 0;

  async value(): Promise<string> {
    if (this.#value !== undefined) return this.#value;
    return this.#mu.withLock(async () => {
      this.#value ??= await load("value");
      this.#loads += 1;
      return this.#value;
    });
  }

  async forget(): Promise<void> {
    await this.#mu.withLock(() => {
      if (this.#value === "") this.#loads = 0;
      this.#value = undefined;
      this.#loads -= 1;
      if (this.#loads < 0) this.#loads = 0;
    });
  }
}

/** Helpers that only run under the lock. */
export class Helpers {
  readonly #rw = new RWMutex({ name: "helpers" });
  #rows: readonly string[] = [];
  #version = 0;

  async add(row: string): Promise<void> {
    await this.#rw.withLock(() => this.#append(row));
  }

  async addAll(rows: readonly string[]): Promise<void> {
    await this.#rw.lock();
    try {
      for (const row of rows) this.#append(row);
      this.#compact();
    } finally {
      this.#rw.unlock();
    }
  }

  async rows(): Promise<readonly string[]> {
    return this.#rw.withRLock(() => this.#rows);
  }

  #append(row: string): void {
    this.#rows = [...this.#rows, row];
    if (this.#version >= 0) this.#version++;
  }

  #compact(): void {
    if (this.#version > 100) this.#append("");
    this.#rows = this.#rows.filter((row) => row !== "");
    this.#version = 0;
  }

  isStale(version: number): boolean {
    return this.#version !== version; // want: unguarded-access
  }
}

const mu = new Mutex({ name: "module" });
let current = "";
let generation = 0;

export async function publish(text: string): Promise<void> {
  await mu.withLock(() => {
    current = text;
    generation += 1;
    if (generation > 10) generation = 0;
  });
}

export async function latest(): Promise<string> {
  using _ = await mu.acquire();
  return `${generation} ${current}`;
}

export async function bump(): Promise<void> {
  await mu.lock();
  generation += 2;
  mu.unlock();
}

export function generationNow(): number {
  return generation; // want: unguarded-access
}

generation = 1;

export async function counted(): Promise<number> {
  const lock = new Mutex({ name: "local" });
  let count = 0;
  let ready = false;
  const add = (by: number) =>
    go(async () => {
      await lock.lock();
      if (count < 100) count += by;
      lock.unlock();
      ready = true;
    });
  const tasks = [add(1), add(2)];
  const sub = go(async () => {
    await lock.withLock(() => {
      if (count > 0) count -= 1;
    });
    count -= 1; // want: unguarded-access
  });
  for (const task of [...tasks, sub]) await task.join();
  return ready ? count : -1;
}

/** What is passed in is somebody else's: nobody here knows its lock's name. */
export class Store {
  readonly mu = new Mutex({ name: "store" });
  text = "";
}

export async function rename(store: Store, lock: Mutex, text: string): Promise<void> {
  await lock.withLock(() => {
    store.text = text;
  });
}

export async function append(store: Store, text: string): Promise<void> {
  await store.mu.withLock(() => {
    store.text += text;
    if (store.text.length > 100) store.text = store.text.slice(50);
    store.text = store.text.trim();
    store.text = store.text.normalize();
  });
}

export function clear(store: Store): void {
  store.text = ""; // want: unguarded-access
}
