// Functions from outside, waited for under a lock that the public side takes.
import { Mutex, RWMutex } from "@lockscope/sync";

type Listener = (value: number) => Promise<void>;

interface Options {
  onEvict?(key: string): Promise<void>;
  load: (key: string) => Promise<number>;
}

interface Database {
  read(key: string): Promise<number>;
}

interface Emitter {
  emit(name: string, value: number): Promise<void>;
}

export class Cache {
  private readonly mu = new Mutex({ name: "cache" });
  private readonly values = new Map<string, number>();
  private readonly listeners = new Set<Listener>();
  private readonly handlers = new Map<string, Listener>();

  constructor(
    private readonly options: Options,
    private readonly fallback: (key: string) => Promise<number>,
    private readonly database: Database,
    private readonly events: Emitter,
  ) {}

  subscribe(listener: Listener): void {
    this.listeners.add(listener);
  }

  on(key: string, listener: Listener): void {
    this.handlers.set(key, listener);
  }

  async get(key: string): Promise<number | undefined> {
    await this.mu.lock();
    try {
      return this.values.get(key);
    } finally {
      this.mu.unlock();
    }
  }

  async getOrCompute(key: string, compute: (key: string) => Promise<number>): Promise<number> {
    await this.mu.lock();
    try {
      const known = this.values.get(key);
      if (known !== undefined) return known;
      const made = await compute(key); // want: callback-under-lock
      this.values.set(key, made);
      return made;
    } finally {
      this.mu.unlock();
    }
  }

  async set(key: string, value: number): Promise<void> {
    await this.mu.withLock(async () => {
      this.values.set(key, value);
      for (const listener of this.listeners) await listener(value); // want: callback-under-lock
    });
  }

  async setAll(entries: [string, number][]): Promise<void> {
    using guard = await this.mu.acquire();
    for (const [key, value] of entries) this.values.set(key, value);
    await Promise.all([...this.listeners].map((listener) => listener(entries.length))); // want: callback-under-lock
  }

  async drop(key: string): Promise<void> {
    await this.mu.lock();
    try {
      this.values.delete(key);
      await this.options.onEvict?.(key); // want: callback-under-lock
    } finally {
      this.mu.unlock();
    }
  }

  async load(key: string): Promise<number> {
    await this.mu.lock();
    try {
      const value = (await this.fallback(key)) + 1; // want: callback-under-lock
      this.values.set(key, value);
      await this.events.emit("loaded", value); // want: callback-under-lock
      return value;
    } finally {
      this.mu.unlock();
    }
  }

  async dispatch(key: string, value: number): Promise<void> {
    await this.mu.lock();
    try {
      const handler = this.handlers.get(key);
      if (handler) await handler(value); // want: callback-under-lock
    } finally {
      this.mu.unlock();
    }
  }

  // Right from here on.

  /** A copy, told when the lock is gone. */
  async tellAfterwards(value: number): Promise<void> {
    await this.mu.lock();
    let listeners: Listener[];
    try {
      this.values.clear();
      listeners = [...this.listeners];
    } finally {
      this.mu.unlock();
    }
    for (const listener of listeners) await listener(value);
  }

  /** Nobody waits: a listener that comes back waits its turn. */
  async tellInPassing(value: number): Promise<void> {
    await this.mu.lock();
    try {
      this.values.clear();
      for (const listener of this.listeners) void listener(value);
    } finally {
      this.mu.unlock();
    }
  }

  /** A service of our own, not a callback. */
  async read(key: string): Promise<number> {
    await this.mu.lock();
    try {
      const value = await this.database.read(key);
      this.values.set(key, value);
      return value;
    } finally {
      this.mu.unlock();
    }
  }

  /** What it is for. */
  async runExclusive<T>(work: () => Promise<T>): Promise<T> {
    await this.mu.lock();
    try {
      return await work();
    } finally {
      this.mu.unlock();
    }
  }

  async keep(predicate: (value: number) => boolean): Promise<void> {
    await this.mu.withLock(() => {
      for (const [key, value] of this.values) if (!predicate(value)) this.values.delete(key);
    });
  }
}

/** A lock that no outsider can reach. */
export class Once {
  private readonly mu = new RWMutex();
  private value: number | undefined;

  private async compute(make: () => Promise<number>): Promise<number> {
    await this.mu.lock();
    try {
      this.value = await make();
      return this.value;
    } finally {
      this.mu.unlock();
    }
  }

  async get(): Promise<number> {
    return this.value ?? this.compute(async () => 42);
  }
}
