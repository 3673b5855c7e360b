// Conditions that go together: whether it was locked decides whether it is unlocked.
import { Mutex, RWMutex } from "@lockscope/sync";

declare function write(line: string): Promise<void>;

const mu = new Mutex({ name: "log" });
const rw = new RWMutex({ name: "levels" });
const lines: string[] = [];

export async function sameParameter(line: string, safe: boolean): Promise<void> {
  if (safe) await mu.lock();
  lines.push(line);
  if (safe) mu.unlock();
}

export async function sameConstInFinally(line: string, options: { safe?: boolean }): Promise<void> {
  const safe = options.safe ?? true;
  if (safe) await mu.lock();
  try {
    await write(line);
  } finally {
    if (safe) mu.unlock();
  }
}

export async function negated(line: string, held: boolean): Promise<void> {
  if (!held) {
    await mu.lock();
  }
  lines.push(line);
  if (!held) {
    mu.unlock();
  }
}

export async function elseOfTheSame(line: string, held: boolean): Promise<void> {
  if (!held) await mu.lock();
  lines.push(line);
  if (held) console.log("the caller unlocks");
  else mu.unlock();
}

export async function comparison(line: string, level: number): Promise<void> {
  if (level > 2) await mu.lock();
  lines.push(line);
  if (level > 2) mu.unlock();
}

export async function flagVariable(line: string): Promise<void> {
  let locked = false;
  try {
    if (lines.length > 10) {
      await mu.lock();
      locked = true;
    }
    await write(line);
  } finally {
    if (locked) mu.unlock();
  }
}

export async function flagClearedByHand(line: string): Promise<void> {
  await mu.lock();
  let held = true;
  try {
    lines.push(line);
    if (lines.length < 100) return;
    mu.unlock();
    held = false;
    await write(line);
  } finally {
    if (held) mu.unlock();
  }
}

export async function oppositeConditions(line: string, early: boolean): Promise<void> {
  await mu.lock();
  lines.push(line);
  if (early) mu.unlock();
  console.log(line);
  if (!early) mu.unlock();
}

export async function unrelatedConditions(line: string, a: boolean, b: boolean): Promise<void> {
  await mu.lock(); // want: missing-unlock
  if (a) lines.push(line);
  if (b) mu.unlock();
}

export async function eitherMode(write: boolean): Promise<number> {
  if (write) await rw.lock();
  else await rw.rLock();
  const count = lines.length;
  if (write) rw.unlock();
  else rw.rUnlock();
  return count;
}

export async function modeByTernary(write: boolean): Promise<number> {
  await (write ? rw.lock() : rw.rLock());
  try {
    return lines.length;
  } finally {
    write ? rw.unlock() : rw.rUnlock();
  }
}

export async function modeBySwitch(mode: "read" | "write" | "none"): Promise<number> {
  switch (mode) {
    case "read":
      await rw.rLock();
      break;
    case "write":
      await rw.lock();
      break;
  }
  const count = lines.length;
  switch (mode) {
    case "read":
      rw.rUnlock();
      break;
    case "write":
      rw.unlock();
      break;
  }
  return count;
}

export async function modeByFunction(write: boolean): Promise<number> {
  const lock = write ? () => rw.lock() : () => rw.rLock();
  const unlock = write ? () => rw.unlock() : () => rw.rUnlock();
  await lock();
  const count = lines.length;
  unlock();
  return count;
}
