// Whoever is woken looks again, or is handed the turn.
export class Semaphore {
  private active = 0;
  private readonly waiters: (() => void)[] = [];

  constructor(private readonly limit: number) {}

  async acquire(): Promise<void> {
    if (this.active >= this.limit) {
      await new Promise<void>((resolve) => this.waiters.push(resolve));
    }
    this.active++; // want: flawed-lock
  }

  release(): void {
    this.active--;
    this.waiters.shift()?.();
  }
}

export class Permits {
  private waiters: (() => void)[] = [];

  constructor(private permits: number) {}

  async acquire(): Promise<void> {
    if (this.permits <= 0) await new Promise<void>((resolve) => this.waiters.push(resolve));
    this.permits -= 1; // want: flawed-lock
  }

  release(): void {
    this.permits += 1;
    const next = this.waiters.shift();
    if (next) next();
  }
}

export class WakesAll {
  private locked = false;
  private waiters: (() => void)[] = [];

  async lock(): Promise<void> {
    if (this.locked) await new Promise<void>((resolve) => this.waiters.push(resolve));
    this.locked = true; // want: flawed-lock
  }

  unlock(): void {
    this.locked = false;
    const waiting = this.waiters;
    this.waiters = [];
    for (const wake of waiting) wake();
  }
}

const locks = new Map<string, Promise<void>>();

export async function withKey<T>(key: string, work: () => Promise<T>): Promise<T> {
  const existing = locks.get(key);
  if (existing) await existing;
  let release = () => {};
  const mine = new Promise<void>((resolve) => {
    release = resolve;
  });
  locks.set(key, mine); // want: flawed-lock
  try {
    return await work();
  } finally {
    locks.delete(key);
    release();
  }
}

let pending: Promise<void> | null = null;

export async function refresh(load: () => Promise<void>): Promise<void> {
  if (pending) {
    await pending;
  }
  pending = load(); // want: flawed-lock
  await pending;
  pending = null;
}

interface Waiting {
  resolve(value: string): void;
  reject(error: Error): void;
}

export class Requests {
  private queue: Waiting[] = [];
  private pending = new Map<number, Waiting>();
  private next = 0;

  ask(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.queue.push({ resolve, reject });
    });
  }

  send(): Promise<string> {
    return new Promise((resolve, reject) => {
      this.pending.set(this.next++, { resolve, reject });
    });
  }

  answer(text: string): void {
    this.queue.shift()?.resolve(text);
  }

  drop(): void {
    this.queue = []; // want: flawed-lock
  }

  dropByLength(): number {
    const length = this.queue.length;
    this.queue.length = 0; // want: flawed-lock
    return length;
  }

  close(): void {
    this.pending.clear(); // want: flawed-lock
  }
}
