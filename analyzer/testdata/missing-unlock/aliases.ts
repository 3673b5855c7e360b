// One lock under several names: locals, destructuring, parameters, getters, private and static fields.
import { type Locker, Mutex, RWMutex } from "@lockscope/sync";

export class Store {
  static readonly registry = new Mutex({ name: "registry" });
  static #names = new Mutex({ name: "names" });
  static readonly known = new Set<string>();

  readonly mu = new Mutex({ name: "store" });
  readonly #inner = new RWMutex({ name: "inner" });
  readonly #other = new RWMutex({ name: "other" });
  readonly state = { mu: new Mutex({ name: "state" }), size: 0 };
  readonly deep = { state: { mu: new Mutex({ name: "deep" }), size: 0 } };
  readonly rows = new Map<string, string>();
  private readonly maybe: Mutex | undefined;

  constructor(safe: boolean) {
    if (safe) this.maybe = new Mutex({ name: "maybe" });
  }

  get lock(): RWMutex {
    return this.#inner;
  }

  async alias(key: string): Promise<void> {
    const mu = this.mu;
    await mu.lock();
    this.rows.delete(key);
    this.mu.unlock();
  }

  async aliasForgets(key: string): Promise<boolean> {
    const mu = this.mu;
    await mu.lock(); // want: missing-unlock
    if (!this.rows.has(key)) return false;
    this.rows.delete(key);
    mu.unlock();
    return true;
  }

  async destructured(key: string): Promise<void> {
    const { mu, rows } = this;
    await mu.lock();
    rows.delete(key);
    mu.unlock();
  }

  async renamed(size: number): Promise<void> {
    const { mu: guard } = this.state;
    await guard.lock();
    this.state.size = size;
    this.state.mu.unlock();
  }

  async path(size: number): Promise<void> {
    await this.deep.state.mu.lock(); // want: missing-unlock
    if (size < 0) return;
    this.deep.state.size = size;
    this.deep.state.mu.unlock();
  }

  async self(key: string): Promise<void> {
    const self = this;
    await this.mu.lock();
    [key].forEach(function (each) {
      self.rows.delete(each);
      self.mu.unlock();
    });
  }

  async getter(key: string): Promise<boolean> {
    await this.lock.rLock();
    try {
      return this.rows.has(key);
    } finally {
      this.lock.rUnlock();
    }
  }

  async getterAndField(key: string): Promise<void> {
    await this.lock.lock();
    this.rows.delete(key);
    this.#inner.unlock();
  }

  async getterThenField(key: string): Promise<void> {
    await this.lock.rLock();
    await this.#inner.lock(); // want: reentrant-lock
    this.rows.delete(key);
  }

  async privateField(key: string): Promise<number> {
    await this.#other.rLock(); // want: missing-unlock
    if (!this.rows.has(key)) return 0;
    this.#other.rUnlock();
    return 1;
  }

  async optional(key: string): Promise<void> {
    await this.maybe?.lock();
    try {
      this.rows.delete(key);
    } finally {
      this.maybe?.unlock();
    }
  }

  async optionalByIf(key: string): Promise<void> {
    if (this.maybe) await this.maybe.lock();
    this.rows.delete(key);
    if (this.maybe) this.maybe.unlock();
  }

  static async register(name: string): Promise<boolean> {
    await Store.registry.lock();
    if (Store.known.has(name)) {
      Store.registry.unlock();
      return false;
    }
    Store.known.add(name);
    this.registry.unlock();
    return true;
  }

  static async rename(name: string): Promise<boolean> {
    await Store.#names.lock(); // want: missing-unlock
    if (Store.known.has(name)) return false;
    Store.known.add(name);
    Store.#names.unlock();
    return true;
  }
}

const counts = new Map<string, number>();

// A parameter is somebody else's lock: the caller may unlock it.
export async function locksForTheCaller(mu: Locker, name: string): Promise<void> {
  await mu.lock();
  counts.set(name, 0);
}

export async function parameter(mu: Locker, name: string): Promise<void> {
  await mu.lock();
  counts.set(name, 1);
  mu.unlock();
}

export async function parameterForgets(mu: Locker, name: string): Promise<boolean> {
  await mu.lock(); // want: missing-unlock
  if (counts.has(name)) return false;
  counts.set(name, 1);
  mu.unlock();
  return true;
}

export async function inABag({ mu, name }: { mu: Mutex; name: string }): Promise<void> {
  await mu.lock();
  counts.set(name, 2);
  mu.unlock();
}

export async function viaRLocker(rw: RWMutex, name: string): Promise<number> {
  const reader = rw.rLocker();
  await reader.lock();
  const count = counts.get(name) ?? 0;
  reader.unlock();
  return count;
}

export async function eitherOfTwo(a: Mutex, b: Mutex, first: boolean): Promise<void> {
  const mu = first ? a : b;
  await mu.lock();
  counts.clear();
  mu.unlock();
}
