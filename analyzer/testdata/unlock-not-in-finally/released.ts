// Something may throw, and the lock is released all the same.
import { defer, type Guard, Mutex, RWMutex } from "@lockscope/sync";

declare function load(id: number): Promise<string>;
declare function store(id: number, text: string): void;

const mu = new Mutex({ name: "files" });
const rw = new RWMutex({ name: "tree" });
const texts = new Map<number, string>();

export async function tryFinally(id: number): Promise<void> {
  await mu.lock();
  try {
    texts.set(id, await load(id));
  } finally {
    mu.unlock();
  }
}

export async function harmlessBeforeTheTry(id: number): Promise<void> {
  await mu.lock();
  const known = texts.has(id);
  console.log(known ? "again" : "first time");
  try {
    store(id, await load(id));
  } finally {
    mu.unlock();
  }
}

export async function nestedFinallys(id: number): Promise<void> {
  await mu.lock();
  try {
    await rw.lock();
    try {
      texts.set(id, await load(id));
    } finally {
      rw.unlock();
    }
    store(id, "");
  } finally {
    mu.unlock();
  }
}

export async function bothInOneFinally(id: number): Promise<void> {
  await mu.lock();
  await rw.lock();
  try {
    texts.set(id, await load(id));
  } finally {
    rw.unlock();
    mu.unlock();
  }
}

export async function usingGuard(id: number): Promise<void> {
  using guard = await mu.acquire();
  texts.set(id, await load(id));
}

export async function usingGuardReleasedEarly(id: number): Promise<string> {
  using guard = await mu.acquire();
  const text = await load(id);
  guard.release();
  store(id, text);
  return text;
}

export async function usingDefer(id: number): Promise<void> {
  await mu.lock();
  using _ = defer(() => mu.unlock());
  texts.set(id, await load(id));
}

export async function withLock(id: number): Promise<void> {
  await mu.withLock(async () => {
    texts.set(id, await load(id));
  });
}

export async function withRLock(id: number): Promise<string> {
  return rw.withRLock(() => texts.get(id) ?? load(id));
}

export async function catchUnlocksToo(id: number): Promise<void> {
  await mu.lock();
  try {
    texts.set(id, await load(id));
  } catch (error) {
    mu.unlock();
    throw error;
  }
  mu.unlock();
}

export async function everythingIsCaught(id: number): Promise<void> {
  await mu.lock();
  try {
    texts.set(id, await load(id));
  } catch {
    texts.delete(id);
  }
  mu.unlock();
}

export async function unlockedBeforeTheAwait(id: number): Promise<string> {
  await mu.lock();
  const text = texts.get(id);
  mu.unlock();
  return text ?? (await load(id));
}

export async function guardMayStayUndefined(id: number, safe: boolean): Promise<void> {
  let guard: Guard | undefined;
  try {
    if (safe) guard = await mu.acquire();
    texts.set(id, await load(id));
  } finally {
    guard?.release();
  }
}

export async function lockCanBeAborted(id: number, signal: AbortSignal): Promise<boolean> {
  try {
    await mu.lock({ signal });
  } catch {
    return false;
  }
  try {
    texts.set(id, await load(id));
    return true;
  } finally {
    mu.unlock();
  }
}

export async function unlocksInTheMiddleOfATry(id: number): Promise<void> {
  let locked = false;
  try {
    await mu.lock();
    locked = true;
    const text = await load(id);
    mu.unlock();
    locked = false;
    store(id, text);
  } finally {
    if (locked) mu.unlock();
  }
}

export abstract class Document {
  protected readonly mu = new Mutex({ name: "document" });
  protected text = "";

  protected abstract compute(): Promise<string>;

  async refresh(): Promise<string> {
    await this.mu.lock();
    try {
      this.text = await this.compute();
      return this.text;
    } finally {
      this.mu.unlock();
    }
  }
}

/** Locks in one method and unlocks in another: who calls them wraps them in try and finally. */
export class Editing {
  readonly #mu = new Mutex({ name: "editing" });
  #lines: string[] = [];

  async begin(id: number): Promise<void> {
    await this.#mu.lock();
    this.#lines = [String(id)];
  }

  end(): void {
    this.#lines = [];
    this.#mu.unlock();
  }

  async edit(id: number): Promise<void> {
    await this.begin(id);
    try {
      this.#lines.push(await load(id));
    } finally {
      this.end();
    }
  }
}
