// A task waits on a channel, with a lock held that the other side needs first.
import { go, Mutex, RWMutex } from "@lockscope/sync";
import { Channel, onReceive, onSend, select } from "@lockscope/sync/channel";

class Journal {
  readonly #mu = new Mutex({ name: "journal" });
  readonly #lines = new Channel<string>(0, { name: "lines" });
  readonly #flushed = new Channel<boolean>(0, { name: "flushed" });
  #written: string[] = [];

  start(): void {
    go(() => this.#run(), { name: "journal" });
  }

  async #run(): Promise<void> {
    for (;;) {
      const line = await this.#lines.receive();
      if (line === undefined) break;
      await this.#append(line);
    }
    this.#flushed.close();
  }

  async #append(line: string): Promise<void> {
    using _ = await this.#mu.acquire();
    this.#written.push(line);
  }

  async log(line: string): Promise<void> {
    using _ = await this.#mu.acquire();
    await this.#lines.send(`${this.#written.length}: ${line}`); // want: blocking-while-locked
  }

  async close(): Promise<void> {
    await this.#mu.withLock(async () => {
      this.#lines.close();
      await this.#flushed.receive(); // want: blocking-while-locked
    });
  }
}

export const journal = new Journal();

/** The wait is two calls further down. */
class Pool {
  readonly #rw = new RWMutex({ name: "pool" });
  readonly #idle = new Channel<number>(0, { name: "idle" });
  readonly #used = new Set<number>();

  async take(): Promise<number | undefined> {
    await this.#rw.lock();
    try {
      const id = await this.#next(); // want: blocking-while-locked
      if (id !== undefined) this.#used.add(id);
      return id;
    } finally {
      this.#rw.unlock();
    }
  }

  async #next(): Promise<number | undefined> {
    return this.#wait();
  }

  async #wait(): Promise<number | undefined> {
    return await this.#idle.receive();
  }

  async give(id: number): Promise<void> {
    await this.#rw.rLock();
    try {
      if (this.#used.has(id)) await this.#idle.send(id); // want: blocking-while-locked
    } finally {
      this.#rw.rUnlock();
    }
  }
}

export const pool = new Pool();

const mu = new Mutex({ name: "state" });
const left = new Channel<string>();
const right = new Channel<string>();
let state = "";

export async function eitherWay(): Promise<void> {
  await mu.lock();
  try {
    await select( // want: blocking-while-locked
      onReceive(left, (value) => {
        state = value ?? "";
      }),
      onSend(right, state, () => {}),
    );
  } finally {
    mu.unlock();
  }
}

export function feed(): void {
  go(async () => {
    await mu.lock();
    try {
      await left.send(state); // want: blocking-while-locked, stuck-channel
    } finally {
      mu.unlock();
    }
  });
  go(async () => {
    await mu.lock();
    const value = await right.receive(); // want: blocking-while-locked
    state = value ?? "";
    mu.unlock();
  });
}
