import { Mutex, SyncMap } from "@lockscope/sync";

declare function load(key: string): Promise<number>;

const mu = new Mutex();
let hits = 0;
const counts = new SyncMap<string, number>();

export async function unlessLocked(): Promise<void> {
  if (!mu.locked) {
    await mu.lock(); // want: check-then-acquire
    hits += 1;
    mu.unlock();
  }
}

export async function early(): Promise<void> {
  if (mu.locked) return;
  await mu.lock(); // want: check-then-acquire
  hits += 1;
  mu.unlock();
}

export async function named(): Promise<void> {
  const busy = mu.locked;
  if (busy) throw new Error("busy");
  using _ = await mu.acquire(); // want: check-then-acquire
}

export async function tried(): Promise<void> {
  if (!mu.tryLock()) return;
  hits += 1;
  mu.unlock();
}

export async function told(): Promise<void> {
  if (mu.locked) console.log("has to wait");
  await mu.lock();
  hits += 1;
  mu.unlock();
}

export async function fill(key: string): Promise<number> {
  const [known, ok] = counts.load(key);
  if (ok && known !== undefined) return known;
  const value = await load(key);
  counts.store(key, value); // want: check-then-acquire
  return value;
}

export async function add(map: SyncMap<string, number>, key: string): Promise<void> {
  const [before] = map.load(key);
  const more = await load(key);
  map.store(key, (before ?? 0) + more); // want: check-then-acquire
}

export class Registry {
  readonly #entries = new SyncMap<string, number>();

  async ensure(key: string): Promise<void> {
    if (!this.#entries.load(key)[1]) {
      await load(key);
      this.#entries.store(key, 0); // want: check-then-acquire
    }
  }

  async compute(key: string): Promise<number> {
    return this.#entries.loadOrCompute(key, load);
  }

  async after(key: string): Promise<void> {
    const value = await load(key);
    const [before] = this.#entries.load(key);
    this.#entries.store(key, (before ?? 0) + value);
  }

  async or(key: string): Promise<number> {
    const [known, ok] = this.#entries.load(key);
    if (ok && known !== undefined) return known;
    const [actual] = this.#entries.loadOrStore(key, await load(key));
    return actual;
  }
}

export async function own(keys: readonly string[]): Promise<number> {
  const seen = new SyncMap<string, number>();
  for (const key of keys) {
    const [, ok] = seen.load(key);
    if (!ok) seen.store(key, await load(key));
  }
  return keys.length;
}
