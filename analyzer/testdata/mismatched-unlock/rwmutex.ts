// The two sides of an RWMutex: each has its own unlock.
import { defer, RWMutex } from "@lockscope/sync";

declare function refresh(key: string): Promise<string>;

const rw = new RWMutex({ name: "settings" });
const settings = new Map<string, string>();

export async function readThenUnlock(key: string): Promise<string | undefined> {
  await rw.rLock();
  const value = settings.get(key);
  rw.unlock(); // want: mismatched-unlock
  return value;
}

export async function readThenUnlockInFinally(key: string): Promise<string> {
  await rw.rLock();
  try {
    return settings.get(key) ?? (await refresh(key));
  } finally {
    rw.unlock(); // want: mismatched-unlock
  }
}

export async function lockThenReadUnlock(key: string): Promise<void> {
  await rw.lock();
  try {
    settings.set(key, await refresh(key));
  } finally {
    rw.rUnlock(); // want: mismatched-unlock
  }
}

export async function onOneBranchOnly(key: string): Promise<string | undefined> {
  await rw.rLock();
  const value = settings.get(key);
  if (value === undefined) {
    rw.unlock(); // want: mismatched-unlock
    return undefined;
  }
  rw.rUnlock();
  return value;
}

export async function inADefer(key: string): Promise<string | undefined> {
  await rw.rLock();
  using _ = defer(() => rw.unlock()); // want: mismatched-unlock
  return settings.get(key);
}

export async function afterTryRLock(key: string): Promise<string | undefined> {
  if (!rw.tryRLock()) return undefined;
  const value = settings.get(key);
  rw.unlock(); // want: mismatched-unlock
  return value;
}

export async function throughAnAlias(key: string): Promise<void> {
  const lock = rw;
  await lock.lock();
  settings.delete(key);
  rw.rUnlock(); // want: mismatched-unlock
}

export class Settings {
  readonly #rw = new RWMutex({ name: "#settings" });
  readonly #values = new Map<string, string>();

  async get(key: string): Promise<string | undefined> {
    await this.#rw.rLock();
    try {
      return this.#values.get(key);
    } finally {
      this.#rw.unlock(); // want: mismatched-unlock
    }
  }

  async set(key: string, value: string): Promise<void> {
    await this.#rw.lock();
    this.#values.set(key, value);
    this.#rw.unlock();
  }
}
