// Waiting under a lock for somebody who does not need it, for a time, or with a way out: nothing to report.
import { Cond, go, Mutex, sleep, WaitGroup } from "@lockscope/sync";
import { after, Channel, onReceive, otherwise, select } from "@lockscope/sync/channel";

declare function load(key: string): Promise<string>;

const mu = new Mutex({ name: "state" });
let state = "";

/** An async lock exists to span awaits. */
export async function refresh(): Promise<void> {
  await mu.lock();
  try {
    state = await load("state");
    await sleep(10);
  } finally {
    mu.unlock();
  }
}

/** The worker does not know of the lock. */
class Writer {
  readonly #mu = new Mutex();
  readonly #lines = new Channel<string>();
  readonly #done = new Channel<never>();

  start(): void {
    go(async () => {
      for await (const line of this.#lines) await load(line);
      this.#done.close();
    });
  }

  /** Two lines stay together. */
  async pair(one: string, two: string): Promise<void> {
    using _ = await this.#mu.acquire();
    await this.#lines.send(one);
    await this.#lines.send(two);
  }

  async stop(): Promise<void> {
    using _ = await this.#mu.acquire();
    this.#lines.close();
    await this.#done.receive();
  }
}

export const writer = new Writer();

/** One of the receivers does not need the lock. */
const jobs = new Channel<string>();

export function workers(): void {
  go(async () => {
    for await (const job of jobs) await mu.withLock(() => load(job));
  });
  go(async () => {
    for await (const job of jobs) await load(job);
  });
}

export async function submit(job: string): Promise<void> {
  await mu.withLock(() => jobs.send(job));
}

/** There is a way out. */
const updates = new Channel<string>();

export function consume(): void {
  go(async () => {
    for await (const update of updates) {
      await mu.lock();
      state = update;
      mu.unlock();
    }
  });
}

export async function publish(update: string, signal: AbortSignal): Promise<void> {
  await mu.lock();
  try {
    await updates.send(update, { signal });
    if (!updates.trySend(update)) state = update;
    await select(
      onReceive(updates, (value) => {
        state = value ?? "";
      }),
      onReceive(after(100), () => {}),
    );
    await select(
      onReceive(updates, (value) => {
        state = value ?? "";
      }),
      otherwise(() => {}),
    );
  } finally {
    mu.unlock();
  }
}

export function closeUpdates(): void {
  updates.close();
}

/** What is counted does not need the lock. */
export async function warm(keys: readonly string[]): Promise<void> {
  const wg = new WaitGroup();
  await mu.lock();
  try {
    for (const key of keys) {
      wg.go(async () => {
        await load(key);
      });
    }
    await wg.wait();
  } finally {
    mu.unlock();
  }
}

/** The lock is given back before the wait. */
export async function stopAll(keys: readonly string[]): Promise<void> {
  const tasks = keys.map((key) =>
    go(async () => {
      const text = await load(key);
      await mu.withLock(() => {
        state = text;
      });
    }),
  );
  await mu.lock();
  state = "stopping";
  mu.unlock();
  for (const task of tasks) await task.join();
}

/** A condition waits with its own lock held, and gives it up meanwhile. */
class Gate {
  readonly #mu = new Mutex();
  readonly #opened = new Cond(this.#mu);
  #open = false;

  async pass(): Promise<void> {
    await this.#mu.lock();
    try {
      while (!this.#open) await this.#opened.wait();
    } finally {
      this.#mu.unlock();
    }
  }

  async open(): Promise<void> {
    await this.#mu.lock();
    this.#open = true;
    this.#opened.broadcast();
    this.#mu.unlock();
  }
}

export const gate = new Gate();

/** Each has a lock and an inbox of its own. */
class Actor {
  readonly #mu = new Mutex();
  readonly inbox = new Channel<string>(4);
  #seen = 0;

  start(): void {
    go(async () => {
      for await (const _ of this.inbox) {
        await this.#mu.withLock(() => {
          this.#seen++;
        });
      }
    });
  }

  stop(): void {
    this.inbox.close();
  }

  async tell(other: Actor): Promise<void> {
    await this.#mu.withLock(async () => {
      await other.inbox.send(`seen ${this.#seen}`);
    });
  }
}

export const actors = [new Actor(), new Actor()];

/** The set-up is over before the task that sends is started. */
export async function setUpFirst(): Promise<string | undefined> {
  const ready = new Channel<string>();
  const own = new Mutex();
  await own.withLock(() => load("set-up"));
  go(async () => {
    await own.withLock(() => ready.send("ready"));
  });
  return ready.receive();
}

/** The function that is called gives the lock up while it waits. */
class Device {
  readonly #mu = new Mutex();
  readonly #gone = new Channel<never>();

  async remove(): Promise<void> {
    await this.#mu.lock();
    try {
      await this.#waitUnlocked();
    } finally {
      this.#mu.unlock();
    }
  }

  async #waitUnlocked(): Promise<void> {
    this.#mu.unlock();
    await this.#gone.receive();
    await this.#mu.lock();
  }

  async vanished(): Promise<void> {
    await this.#mu.withLock(() => this.#gone.close());
  }
}

export const device = new Device();
