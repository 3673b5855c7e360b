// Hand-written locks that do exclude, and flags that are no locks.
import { Mutex } from "@lockscope/sync";

declare function sleep(ms: number): Promise<void>;
declare function open(): Promise<void>;

export class Spin {
  private locked = false;
  private waiters: (() => void)[] = [];

  async lock(): Promise<void> {
    while (this.locked) await sleep(10);
    this.locked = true;
  }

  /** Whoever is woken looks again. */
  async lockWoken(): Promise<void> {
    while (this.locked) {
      await new Promise<void>((resolve) => this.waiters.push(resolve));
    }
    this.locked = true;
  }

  async lockForEver(): Promise<void> {
    for (;;) {
      if (!this.locked) {
        this.locked = true;
        return;
      }
      await sleep(10);
    }
  }

  unlock(): void {
    this.locked = false;
    this.waiters.shift()?.();
  }
}

/** The turn is handed over: the flag stays as it is. */
export class HandsOver {
  private locked = false;
  private waiters: (() => void)[] = [];

  async lock(): Promise<void> {
    if (this.locked) await new Promise<void>((resolve) => this.waiters.push(resolve));
    this.locked = true;
  }

  unlock(): void {
    const next = this.waiters.shift();
    if (next) next();
    else this.locked = false;
  }
}

export class Semaphore {
  private active = 0;
  private readonly waiters: (() => void)[] = [];

  constructor(private readonly limit: number) {}

  async acquire(): Promise<void> {
    if (this.active < this.limit) {
      this.active++;
      return;
    }
    await new Promise<void>((resolve) => this.waiters.push(resolve));
  }

  /** Counted before the wait: nobody else gets the place. */
  async acquireFirst(): Promise<void> {
    this.active++;
    if (this.active > this.limit) await new Promise<void>((resolve) => this.waiters.push(resolve));
  }

  release(): void {
    const next = this.waiters.shift();
    if (next) {
      next();
      return;
    }
    this.active--;
  }

  async use<T>(work: () => Promise<T>): Promise<T> {
    while (this.active >= this.limit) await new Promise<void>((resolve) => this.waiters.push(resolve));
    this.active++;
    try {
      return await work();
    } finally {
      this.active--;
      this.waiters.shift()?.();
    }
  }

  /** Takes the place for the one that it wakes. */
  dispatch(): void {
    this.active--;
    const next = this.waiters.shift();
    if (next !== undefined) {
      this.active++;
      next();
    }
  }
}

export class Job {
  private running = false;
  private connected = false;
  private closed = false;
  private retries = 0;

  async run(work: () => Promise<void>): Promise<void> {
    if (this.running) return;
    this.running = true;
    try {
      await sleep(1);
      await work();
    } finally {
      this.running = false;
    }
  }

  /** Set for good: whether two may open is another rule's business. */
  async connect(): Promise<void> {
    if (this.closed) return;
    try {
      await open();
      this.connected = true;
    } catch (error) {
      this.connected = false;
      throw error;
    }
  }

  async close(): Promise<void> {
    if (this.closed) return;
    await sleep(1);
    this.closed = true;
  }

  async persistently(work: () => Promise<void>): Promise<void> {
    while (this.retries < 5) {
      try {
        await work();
        this.retries = 0;
        return;
      } catch {
        await sleep(10);
        this.retries++;
      }
    }
  }

  /** Looked at again behind the await. */
  async looksAgain(work: () => Promise<void>): Promise<void> {
    if (this.running) return;
    await sleep(1);
    if (this.running) return;
    this.running = true;
    try {
      await work();
    } finally {
      this.running = false;
    }
  }
}

/** A lock over the look and the assignment. */
export class Guarded {
  private readonly mu = new Mutex();
  private busy = false;

  async run(work: () => Promise<void>): Promise<void> {
    await this.mu.lock();
    try {
      if (this.busy) return;
      await sleep(1);
      this.busy = true;
      await work();
      this.busy = false;
    } finally {
      this.mu.unlock();
    }
  }
}

/** Seen by this call alone. */
export async function own(work: () => Promise<boolean>): Promise<number> {
  let busy = false;
  let rounds = 0;
  while (rounds < 10) {
    if (busy) await sleep(1);
    busy = true;
    await work();
    busy = false;
    rounds++;
  }
  return rounds;
}

interface Waiting {
  resolve(value: string): void;
  reject(error: Error): void;
}

export class Requests {
  private queue: Waiting[] = [];
  private timed: Waiting[] = [];
  private lines: string[] = [];

  ask(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.queue.push({ resolve, reject });
    });
  }

  askFor(ms: number): Promise<string> {
    return new Promise((resolve, reject) => {
      this.timed.push({ resolve, reject });
      setTimeout(() => reject(new Error("too late")), ms);
    });
  }

  close(): void {
    for (const { reject } of this.queue) reject(new Error("closed"));
    this.queue = [];
  }

  flush(text: string): void {
    const waiting = this.queue;
    this.queue = [];
    for (const { resolve } of waiting) resolve(text);
  }

  stop(): void {
    this.rejectAll(new Error("stopped"));
    this.queue.length = 0;
  }

  private rejectAll(error: Error): void {
    for (const each of this.queue) each.reject(error);
  }

  forget(): void {
    this.timed = [];
    this.lines = [];
  }
}

interface Lock {
  withLock<T>(work: () => Promise<T>): Promise<T>;
  lock(): Promise<void>;
  unlock(): void;
}

/** Another lock keeps those who look apart. */
export class ReadersAndWriters {
  private writing: Promise<void> | undefined;

  constructor(private readonly gate: Lock) {}

  write(): Promise<() => void> {
    return this.gate.withLock(async () => {
      await this.writing;
      let release = () => {};
      const done = new Promise<void>((resolve) => {
        release = resolve;
      });
      this.writing = done;
      return release;
    });
  }

  async writeBetween(work: () => Promise<void>): Promise<void> {
    await this.gate.lock();
    try {
      await this.writing;
      this.writing = work();
    } finally {
      this.gate.unlock();
    }
  }
}

interface Broker {
  disconnect(): Promise<void>;
}

declare function connect(): Broker;
declare function request(): Promise<string>;

/** A thing that is replaced, and a promise of one's own in a loop: nobody waits for a turn. */
export class Connection {
  private broker: Broker | undefined;
  private pending: Promise<string> | undefined;

  async reconnect(): Promise<void> {
    if (this.broker) await this.broker.disconnect();
    this.broker = connect();
  }

  async poll(): Promise<void> {
    for (;;) {
      this.pending = request();
      const answer = await this.pending;
      if (answer === "") return;
    }
  }
}
