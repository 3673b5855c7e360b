// Two locks in opposite orders: in one file, through calls, through callbacks, in three functions.
import { go, Mutex, RWMutex } from "@lockscope/sync";

declare function load(key: string): Promise<string>;

const a = new Mutex({ name: "a" });
const b = new Mutex({ name: "b" });
let shared = "";

export async function aThenB(): Promise<void> {
  await a.lock();
  try {
    await b.lock(); // want: lock-order
    shared += "ab";
    b.unlock();
  } finally {
    a.unlock();
  }
}

export async function bThenA(): Promise<void> {
  await b.withLock(async () => {
    await a.withLock(() => { // want: lock-order
      shared += "ba";
    });
  });
}

class Cache {
  readonly #mu = new Mutex({ name: "cache" });
  readonly #entries = new Map<string, string>();

  constructor(private readonly index: Index) {}

  async put(key: string, value: string): Promise<void> {
    using _ = await this.#mu.acquire();
    this.#entries.set(key, value);
    await this.index.add(key); // want: lock-order
  }

  async drop(key: string): Promise<void> {
    using _ = await this.#mu.acquire();
    this.#entries.delete(key);
  }
}

class Index {
  readonly #mu = new Mutex({ name: "index" });
  readonly #keys = new Set<string>();
  cache: Cache | undefined;

  async add(key: string): Promise<void> {
    await this.#mu.withLock(() => this.#keys.add(key));
  }

  async rebuild(): Promise<void> {
    await this.#mu.lock();
    try {
      for (const key of this.#keys) await this.#forget(key); // want: lock-order
    } finally {
      this.#mu.unlock();
    }
  }

  async #forget(key: string): Promise<void> {
    await this.cache?.drop(key);
  }
}

export function open(): Cache {
  const index = new Index();
  const cache = new Cache(index);
  index.cache = cache;
  return cache;
}

class Registry {
  readonly #rw = new RWMutex({ name: "registry" });
  readonly #names: string[] = [];

  async each(visit: (name: string) => Promise<void>): Promise<void> {
    await this.#rw.rLock();
    try {
      for (const name of this.#names) await visit(name); // want: lock-order
    } finally {
      this.#rw.rUnlock();
    }
  }

  async add(name: string): Promise<void> {
    await this.#rw.withLock(() => this.#names.push(name));
  }
}

class Loader {
  readonly #mu = new Mutex({ name: "loader" });
  readonly #loaded = new Map<string, string>();
  constructor(private readonly registry: Registry) {}

  async load(name: string): Promise<void> {
    await this.#mu.lock();
    try {
      this.#loaded.set(name, await load(name));
      await this.registry.add(name); // want: lock-order
    } finally {
      this.#mu.unlock();
    }
  }

  async reloadAll(): Promise<void> {
    await this.registry.each((name) => this.#reload(name));
  }

  async #reload(name: string): Promise<void> {
    await this.#mu.withLock(() => this.#loaded.delete(name));
  }
}

export const loader = new Loader(new Registry());

const one = new Mutex();
const two = new Mutex();
const three = new Mutex();

export async function oneTwo(): Promise<void> {
  await one.withLock(() => two.withLock(() => load("12"))); // want: lock-order
}

export async function twoThree(): Promise<void> {
  await two.withLock(() => three.withLock(() => load("23"))); // want: lock-order
}

export async function threeOne(): Promise<void> {
  await three.withLock(() => one.withLock(() => load("31"))); // want: lock-order
}

/** Locks of this very call, shared by the tasks that it starts. */
export async function twoTasks(): Promise<void> {
  const left = new Mutex();
  const right = new Mutex();
  const first = go(async () => {
    await left.lock();
    await right.lock(); // want: lock-order
    shared = "left";
    right.unlock();
    left.unlock();
  });
  const second = go(async () => {
    await right.lock();
    await left.lock(); // want: lock-order
    shared = "right";
    left.unlock();
    right.unlock();
  });
  await first.join();
  await second.join();
}

async function both(outer: Mutex, inner: Mutex, work: () => Promise<void>): Promise<void> {
  await outer.lock();
  try {
    await inner.lock(); // want: lock-order
    try {
      await work();
    } finally {
      inner.unlock();
    }
  } finally {
    outer.unlock();
  }
}

const disk = new Mutex();
const net = new Mutex();

export async function upload(): Promise<void> {
  await both(disk, net, async () => {
    shared = await load("up");
  });
}

export async function download(): Promise<void> {
  await both(net, disk, async () => {
    shared = await load("down");
  });
}
