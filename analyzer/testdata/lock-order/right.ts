// One order everywhere, a gate around both orders, readers on both sides, one task alone: nothing to report.
import { go, Mutex, RWMutex } from "@lockscope/sync";

declare function load(key: string): Promise<string>;

const outer = new Mutex();
const inner = new Mutex();
let shared = "";

export async function write(): Promise<void> {
  await outer.withLock(() => inner.withLock(() => load("w")));
}

export async function read(): Promise<string> {
  await outer.lock();
  try {
    await inner.lock();
    try {
      return shared;
    } finally {
      inner.unlock();
    }
  } finally {
    outer.unlock();
  }
}

/** Given back before the other is taken. */
export async function oneAfterTheOther(): Promise<void> {
  await inner.lock();
  shared = "";
  inner.unlock();
  await outer.withLock(() => {
    shared = "x";
  });
}

/** tryLock does not wait. */
export async function tries(): Promise<boolean> {
  await inner.lock();
  try {
    if (!outer.tryLock()) return false;
    try {
      shared += "!";
    } finally {
      outer.unlock();
    }
    return true;
  } finally {
    inner.unlock();
  }
}

const gate = new Mutex();
const a = new Mutex();
const b = new Mutex();

export async function gatedAB(): Promise<void> {
  await gate.withLock(() => a.withLock(() => b.withLock(() => load("ab"))));
}

export async function gatedBA(): Promise<void> {
  await gate.withLock(() => b.withLock(() => a.withLock(() => load("ba"))));
}

const config = new RWMutex();
const routes = new RWMutex();

export async function readersOneWay(): Promise<string> {
  return config.withRLock(() => routes.withRLock(() => shared));
}

export async function readersTheOtherWay(): Promise<string> {
  return routes.withRLock(() => config.withRLock(() => shared));
}

const left = new Mutex();
const right = new Mutex();

async function leftRight(): Promise<void> {
  await left.withLock(() => right.withLock(() => load("lr")));
}

async function rightLeft(): Promise<void> {
  await right.withLock(() => left.withLock(() => load("rl")));
}

/** One task does both, one after the other, and nobody else does either. */
export default async function main(): Promise<void> {
  await leftRight();
  await rightLeft();
}

/** Each run makes its own locks, and one task uses them. */
export async function ownLocks(): Promise<string> {
  const x = new Mutex();
  const y = new Mutex();
  const task = go(async () => {
    await x.withLock(() => y.withLock(() => load("xy")));
    await y.withLock(() => x.withLock(() => load("yx")));
  });
  await task.join();
  return shared;
}

/** The task started under the lock takes its turn when the lock is free. */
export async function handsOver(): Promise<void> {
  await inner.lock();
  go(async () => {
    await outer.withLock(() => load("later"));
  });
  inner.unlock();
}

class Store {
  readonly #mu = new Mutex();
  #listeners: (() => void)[] = [];
  #value = "";

  async set(value: string): Promise<void> {
    await this.#mu.lock();
    this.#value = value;
    this.#mu.unlock();
    for (const listener of this.#listeners) listener();
  }

  async get(): Promise<string> {
    return this.#mu.withLock(() => this.#value);
  }
}

class View {
  readonly #mu = new Mutex();
  constructor(private readonly store: Store) {}

  async render(): Promise<string> {
    return this.#mu.withLock(async () => `<p>${await this.store.get()}</p>`);
  }
}

export const view = new View(new Store());
