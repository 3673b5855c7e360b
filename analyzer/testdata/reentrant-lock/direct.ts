// The task that holds the lock takes it again in the same function.
import { Mutex, RWMutex } from "@lockscope/sync";

declare function load(key: string): Promise<string>;

const mu = new Mutex({ name: "table" });
const rw = new RWMutex({ name: "view" });
const table = new Map<string, string>();

export async function nested(key: string): Promise<void> {
  await mu.lock();
  try {
    table.delete(key);
    await mu.lock(); // want: reentrant-lock
    try {
      table.clear();
    } finally {
      mu.unlock();
    }
  } finally {
    mu.unlock();
  }
}

export async function throughAnAlias(key: string): Promise<void> {
  const same = mu;
  await mu.lock();
  table.delete(key);
  await same.lock(); // want: reentrant-lock
  table.clear();
  same.unlock();
  mu.unlock();
}

export async function acquireUnderLock(key: string): Promise<void> {
  await mu.lock();
  try {
    using guard = await mu.acquire(); // want: reentrant-lock
    table.delete(key);
  } finally {
    mu.unlock();
  }
}

export async function lockUnderAGuard(key: string): Promise<void> {
  using guard = await mu.acquire();
  await mu.lock(); // want: reentrant-lock
  table.delete(key);
  mu.unlock();
}

export async function withLockInWithLock(key: string): Promise<void> {
  await mu.withLock(async () => {
    table.delete(key);
    await mu.withLock(() => table.clear()); // want: reentrant-lock
  });
}

export async function lockInWithLock(key: string): Promise<void> {
  await mu.withLock(async () => {
    await mu.lock(); // want: reentrant-lock
    table.delete(key);
    mu.unlock();
  });
}

export async function afterASuccessfulTryLock(key: string): Promise<void> {
  if (mu.tryLock()) {
    await mu.lock(); // want: reentrant-lock
    table.delete(key);
    mu.unlock();
    mu.unlock();
  }
}

export async function onOneBranch(key: string): Promise<void> {
  await mu.lock();
  try {
    if (!table.has(key)) {
      await mu.lock(); // want: reentrant-lock
      table.set(key, "");
      mu.unlock();
    }
  } finally {
    mu.unlock();
  }
}

// There is no way out of this loop with the lock held, only a way round to the same lock call.
export async function continueComesBackToTheLock(next: () => Promise<string>): Promise<never> {
  for (;;) {
    const key = await next();
    await mu.lock(); // want: reentrant-lock
    if (table.has(key)) continue;
    table.set(key, "");
    mu.unlock();
  }
}

export async function writerInWriter(key: string): Promise<void> {
  await rw.lock();
  table.delete(key);
  await rw.lock(); // want: reentrant-lock
  table.clear();
  rw.unlock();
  rw.unlock();
}

export async function upgrade(key: string): Promise<string> {
  await rw.rLock();
  try {
    const known = table.get(key);
    if (known !== undefined) return known;
    await rw.lock(); // want: reentrant-lock
    try {
      const value = await load(key);
      table.set(key, value);
      return value;
    } finally {
      rw.unlock();
    }
  } finally {
    rw.rUnlock();
  }
}

export async function readerInWriter(key: string): Promise<boolean> {
  await rw.lock();
  try {
    await rw.rLock(); // want: reentrant-lock
    const known = table.has(key);
    rw.rUnlock();
    return known;
  } finally {
    rw.unlock();
  }
}

export async function withRLockInWithLock(key: string): Promise<void> {
  await rw.withLock(async () => {
    const known = await rw.withRLock(() => table.has(key)); // want: reentrant-lock
    if (!known) table.set(key, "");
  });
}
