// Counted tasks, joined tasks, conditions: what is waited for under the lock needs the lock.
import { Cond, go, Mutex, type Task, WaitGroup } from "@lockscope/sync";
import { ErrGroup } from "@lockscope/sync/group";

declare function load(key: string): Promise<string>;

const mu = new Mutex({ name: "results" });
const results = new Map<string, string>();

async function fetchOne(key: string): Promise<void> {
  const text = await load(key);
  await mu.withLock(() => results.set(key, text));
}

export async function fetchAll(keys: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  await mu.lock();
  try {
    results.clear();
    for (const key of keys) wg.go(() => fetchOne(key));
    await wg.wait(); // want: blocking-while-locked
  } finally {
    mu.unlock();
  }
}

export async function fetchCounted(keys: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  for (const key of keys) {
    wg.add(1);
    go(async () => {
      try {
        await fetchOne(key);
      } finally {
        wg.done();
      }
    });
  }
  using _ = await mu.acquire();
  await wg.wait(); // want: blocking-while-locked
  results.delete("");
}

export async function fetchAndJoin(key: string): Promise<void> {
  const task = go(() => fetchOne(key));
  await mu.lock();
  try {
    await task.join(); // want: blocking-while-locked
    results.delete("");
  } finally {
    mu.unlock();
  }
}

class Server {
  readonly #mu = new Mutex({ name: "server" });
  readonly #connections = new Set<string>();
  #loop: Task<void> | undefined;

  start(): void {
    this.#loop = go(() => this.#serve());
  }

  async #serve(): Promise<void> {
    const peer = await load("peer");
    await this.#mu.lock();
    this.#connections.add(peer);
    this.#mu.unlock();
  }

  async stop(): Promise<void> {
    await this.#mu.lock();
    try {
      this.#connections.clear();
      await this.#loop?.join(); // want: blocking-while-locked
    } finally {
      this.#mu.unlock();
    }
  }

  async restart(keys: readonly string[]): Promise<void> {
    const group = new ErrGroup();
    await this.#mu.lock();
    try {
      for (const _ of keys) group.go(() => this.#serve());
      await group.wait(); // want: blocking-while-locked
    } finally {
      this.#mu.unlock();
    }
  }
}

export const server = new Server();

/** The condition gives up its own lock while it waits, and not the other one. */
class Queue {
  readonly #config = new Mutex({ name: "config" });
  readonly #mu = new Mutex({ name: "queue" });
  readonly #filled = new Cond(this.#mu);
  readonly #items: string[] = [];
  #limit = 1;

  async take(): Promise<string | undefined> {
    await this.#config.lock();
    await this.#mu.lock();
    try {
      while (this.#items.length < this.#limit) await this.#filled.wait(); // want: blocking-while-locked
      return this.#items.shift();
    } finally {
      this.#mu.unlock();
      this.#config.unlock();
    }
  }

  async put(item: string): Promise<void> {
    await this.#config.withLock(async () => {
      this.#limit = 1;
      await this.#mu.withLock(() => this.#items.push(item));
      this.#filled.signal();
    });
  }
}

export const queue = new Queue();

/** Started together, and waited for here. */
class Batch {
  readonly #mu = new Mutex({ name: "batch" });
  readonly #done: string[] = [];

  async all(keys: readonly string[]): Promise<void> {
    await this.#mu.lock();
    try {
      await Promise.all( // want: blocking-while-locked
        keys.map(async (key) => {
          const text = await load(key);
          await this.#mu.withLock(() => this.#done.push(text));
        }),
      );
    } finally {
      this.#mu.unlock();
    }
  }

  async allByName(keys: readonly string[]): Promise<void> {
    await this.#mu.withLock(async () => {
      await Promise.all(keys.map((key) => this.#one(key))); // want: reentrant-lock
    });
  }

  async two(): Promise<void> {
    await this.#mu.lock();
    try {
      await Promise.all([
        load("first"),
        this.#one("second"), // want: reentrant-lock
      ]);
    } finally {
      this.#mu.unlock();
    }
  }

  async #one(key: string): Promise<void> {
    const text = await load(key);
    await this.#mu.withLock(() => this.#done.push(text));
  }

  /** Loaded under the lock, kept without another one. */
  async right(keys: readonly string[]): Promise<void> {
    await this.#mu.lock();
    try {
      this.#done.push(...(await Promise.all(keys.map((key) => load(key)))));
    } finally {
      this.#mu.unlock();
    }
    await Promise.all(keys.map((key) => this.#one(key)));
  }
}

export const batch = new Batch();
