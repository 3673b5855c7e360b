// Both sides of an RWMutex, given back as they were taken.
import { type Locker, RWMutex } from "@lockscope/sync";

declare function refresh(key: string): Promise<string>;

const rw = new RWMutex({ name: "settings" });
const settings = new Map<string, string>();

export async function readThenWrite(key: string): Promise<string> {
  await rw.rLock();
  const known = settings.get(key);
  rw.rUnlock();
  if (known !== undefined) return known;
  await rw.lock();
  try {
    const value = settings.get(key) ?? (await refresh(key));
    settings.set(key, value);
    return value;
  } finally {
    rw.unlock();
  }
}

export async function downgrade(key: string, value: string): Promise<number> {
  await rw.lock();
  settings.set(key, value);
  rw.unlock();
  await rw.rLock();
  const size = settings.size;
  rw.rUnlock();
  return size;
}

export async function sideByFlag(key: string, forWriting: boolean): Promise<string> {
  if (forWriting) {
    await rw.lock();
  } else {
    await rw.rLock();
  }
  try {
    return settings.get(key) ?? (await refresh(key));
  } finally {
    if (forWriting) {
      rw.unlock();
    } else {
      rw.rUnlock();
    }
  }
}

export async function sideByFlagNegated(key: string, readOnly: boolean): Promise<string> {
  await (readOnly ? rw.rLock() : rw.lock());
  try {
    return settings.get(key) ?? (await refresh(key));
  } finally {
    if (!readOnly) rw.unlock();
    else rw.rUnlock();
  }
}

export async function upgradesOnTheWay(key: string): Promise<void> {
  let writing = false;
  await rw.rLock();
  try {
    if (settings.has(key)) return;
    rw.rUnlock();
    await rw.lock();
    writing = true;
    settings.set(key, "");
  } finally {
    if (writing) rw.unlock();
    else rw.rUnlock();
  }
}

export async function readSideAsALocker(key: string): Promise<boolean> {
  const reader: Locker = rw.rLocker();
  await reader.lock();
  const known = settings.has(key);
  reader.unlock();
  return known;
}

export async function readSideInPlace(key: string): Promise<boolean> {
  await rw.rLocker().lock();
  const known = settings.has(key);
  rw.rLocker().unlock();
  return known;
}

export async function writeSideAsALocker(key: string): Promise<void> {
  const writer: Locker = rw;
  await writer.lock();
  settings.delete(key);
  writer.unlock();
}

export async function tryWriteElseRead(key: string): Promise<boolean> {
  const writing = rw.tryLock();
  if (!writing) await rw.rLock();
  const known = settings.has(key);
  if (writing) rw.unlock();
  else rw.rUnlock();
  return known;
}

export async function twoLocks(other: RWMutex, key: string): Promise<boolean> {
  await rw.rLock();
  await other.lock();
  const known = settings.has(key);
  other.unlock();
  rw.rUnlock();
  return known;
}

export async function byMethodName(key: string, side: "lock" | "rLock"): Promise<boolean> {
  await rw[side]();
  const known = settings.has(key);
  if (side === "lock") rw.unlock();
  else rw.rUnlock();
  return known;
}
