// The second lock call is reached through interfaces, hooks, injected locks, stored functions and helpers.
import { Mutex, RWMutex } from "@lockscope/sync";

declare function io(text?: string): Promise<string>;

interface Backend {
  flush(): Promise<void>;
}

class Disk implements Backend {
  constructor(private readonly owner: Engine) {}

  async flush(): Promise<void> {
    await this.owner.sync();
  }
}

class Engine {
  readonly #mu = new Mutex({ name: "engine" });
  readonly #backend: Backend = new Disk(this);

  async sync(): Promise<void> {
    await this.#mu.withLock(() => io("sync"));
  }

  async commit(): Promise<void> {
    await this.#mu.lock();
    try {
      await this.#backend.flush(); // want: reentrant-lock
    } finally {
      this.#mu.unlock();
    }
  }
}

export const engine = new Engine();

/** The hook of the only subclass takes the lock that the base class holds. */
abstract class Job {
  protected readonly mu = new Mutex({ name: "job" });

  async run(): Promise<void> {
    await this.mu.lock();
    try {
      await this.step(); // want: reentrant-lock
    } finally {
      this.mu.unlock();
    }
  }

  protected abstract step(): Promise<void>;
}

class OnlyJob extends Job {
  protected async step(): Promise<void> {
    await this.mu.withLock(() => io());
  }
}

export const job = new OnlyJob();

/** One of two does not: nobody knows which one it is. */
abstract class Handler {
  protected readonly mu = new Mutex({ name: "handler" });

  async handle(): Promise<void> {
    await this.mu.lock();
    try {
      await this.work();
    } finally {
      this.mu.unlock();
    }
  }

  protected abstract work(): Promise<void>;
}

class Locking extends Handler {
  protected async work(): Promise<void> {
    await this.mu.withLock(() => io());
  }
}

class Plain extends Handler {
  protected async work(): Promise<void> {
    await io();
  }
}

export const handlers: readonly Handler[] = [new Locking(), new Plain()];

/** The lock comes from outside, and is the owner's. */
class Writer {
  constructor(private readonly mu: Mutex) {}

  async write(text: string): Promise<void> {
    await this.mu.lock();
    try {
      await io(text);
    } finally {
      this.mu.unlock();
    }
  }
}

class Facade {
  readonly #mu = new Mutex({ name: "facade" });
  readonly #other = new Mutex({ name: "other" });
  readonly #writer = new Writer(this.#mu);
  readonly #log = new Writer(this.#other);

  async save(text: string): Promise<void> {
    await this.#mu.lock();
    try {
      await this.#log.write(text);
      await this.#writer.write(text); // want: reentrant-lock
    } finally {
      this.#mu.unlock();
    }
  }
}

export const facade = new Facade();

/** A function that the object was given comes back to it. */
class Lessor {
  readonly #mu = new Mutex({ name: "lessor" });
  #checkpoint: ((id: number) => Promise<void>) | undefined;
  #listeners: ((id: number) => Promise<void>)[] = [];

  onCheckpoint(checkpoint: (id: number) => Promise<void>): void {
    this.#checkpoint = checkpoint;
  }

  onRenewed(listener: (id: number) => Promise<void>): void {
    this.#listeners.push(listener);
  }

  async save(id: number): Promise<void> {
    await this.#mu.withLock(() => io(`${id}`));
  }

  async renew(id: number): Promise<void> {
    await this.#mu.lock();
    try {
      await this.#checkpoint?.(id); // want: reentrant-lock
    } finally {
      this.#mu.unlock();
    }
  }

  async tell(id: number): Promise<void> {
    await this.#mu.lock();
    try {
      for (const listener of this.#listeners) await listener(id); // want: reentrant-lock
    } finally {
      this.#mu.unlock();
    }
  }

  async tellLater(id: number): Promise<void> {
    const listeners = await this.#mu.withLock(() => [...this.#listeners]);
    for (const listener of listeners) await listener(id);
  }
}

const lessor = new Lessor();
lessor.onCheckpoint((id) => lessor.save(id));
lessor.onRenewed(async (id) => {
  await lessor.save(id);
});
export { lessor };

/** The answer of a helper says whether the lock is held. */
class Entry {
  readonly #mu = new Mutex({ name: "entry" });

  async tryEnter(): Promise<boolean> {
    if (!this.#mu.tryLock()) return false;
    return true;
  }

  async tryEnterShort(): Promise<boolean> {
    return this.#mu.tryLock();
  }

  leave(): void {
    this.#mu.unlock();
  }

  async full(): Promise<void> {
    await this.#mu.withLock(() => io());
  }

  async work(): Promise<void> {
    if (!(await this.tryEnter())) return;
    try {
      await this.full(); // want: reentrant-lock
    } finally {
      this.leave();
    }
  }

  async leaks(early: boolean): Promise<void> {
    const entered = await this.tryEnterShort(); // want: missing-unlock
    if (!entered || early) return;
    await io();
    this.leave();
  }

  async workOrWait(): Promise<void> {
    if (await this.tryEnter()) {
      try {
        await io();
      } finally {
        this.leave();
      }
    } else await this.full();
  }
}

export const entry = new Entry();

/** What releases the lock is a function that the caller gets. */
class Leases {
  readonly #mu = new Mutex({ name: "lease" });

  async lease(): Promise<() => void> {
    await this.#mu.lock();
    return () => this.#mu.unlock();
  }

  async twice(): Promise<void> {
    const release = await this.lease();
    try {
      const again = await this.lease(); // want: reentrant-lock
      again();
    } finally {
      release();
    }
  }

  async leaks(early: boolean): Promise<void> {
    const release = await this.lease(); // want: missing-unlock
    if (early) return;
    await io();
    release();
  }

  async oneAfterTheOther(): Promise<void> {
    const release = await this.lease();
    try {
      await io();
    } finally {
      release();
    }
    const again = await this.lease();
    await io().finally(again);
  }
}

export const leases = new Leases();

/** The lock of a key. */
class Keyed {
  readonly #locks = new Map<string, Mutex>();

  lockFor(key: string): Mutex {
    let mu = this.#locks.get(key);
    if (mu === undefined) {
      mu = new Mutex({ name: key });
      this.#locks.set(key, mu);
    }
    return mu;
  }

  async put(key: string): Promise<void> {
    await this.lockFor(key).lock();
    try {
      await io(key);
    } finally {
      this.lockFor(key).unlock();
    }
  }

  async replace(key: string): Promise<void> {
    const mu = this.lockFor(key);
    await mu.lock();
    try {
      await this.put(key); // want: reentrant-lock
    } finally {
      mu.unlock();
    }
  }

  async each(keys: readonly string[]): Promise<void> {
    for (const key of keys) await this.put(key);
  }

  async twoInTurn(one: string, other: string): Promise<void> {
    await this.put(one);
    await this.put(other);
  }
}

export const keyed = new Keyed();

/** There is one store: by whatever way it is come to. */
class Store {
  readonly #rw = new RWMutex({ name: "store" });
  readonly #queue = new Queue(this);

  async scan(replicas: readonly Replica[]): Promise<void> {
    await this.#rw.lock();
    try {
      for (const replica of replicas) await this.#queue.add(replica); // want: reentrant-lock
    } finally {
      this.#rw.unlock();
    }
  }

  async status(): Promise<string> {
    return this.#rw.withRLock(() => io());
  }
}

class Replica {
  constructor(readonly store: Store) {}
}

class Queue {
  readonly #names: string[] = [];
  constructor(readonly owner: Store) {}

  async add(replica: Replica): Promise<void> {
    this.#names.push(await replica.store.status());
  }
}

const store = new Store();

export async function scanAll(): Promise<void> {
  await store.scan([new Replica(store)]);
}
