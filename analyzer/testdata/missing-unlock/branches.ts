// Early returns, branches, switch and throw: which way out forgets the lock.
import { Mutex, RWMutex } from "@lockscope/sync";

const mu = new Mutex({ name: "stock" });
const rw = new RWMutex({ name: "prices" });
const stock = new Map<string, number>();
const prices = new Map<string, number>();

export async function earlyReturn(item: string): Promise<boolean> {
  await mu.lock(); // want: missing-unlock
  const left = stock.get(item) ?? 0;
  if (left === 0) return false;
  stock.set(item, left - 1);
  mu.unlock();
  return true;
}

export async function earlyReturnUnlocks(item: string): Promise<boolean> {
  await mu.lock();
  const left = stock.get(item) ?? 0;
  if (left === 0) {
    mu.unlock();
    return false;
  }
  stock.set(item, left - 1);
  mu.unlock();
  return true;
}

export async function returnBeforeTheLock(item: string): Promise<void> {
  if (item === "") return;
  await mu.lock();
  stock.delete(item);
  mu.unlock();
}

export async function throwStatement(item: string): Promise<void> {
  await mu.lock(); // want: missing-unlock
  if (!stock.has(item)) throw new Error(`no such item: ${item}`);
  stock.delete(item);
  mu.unlock();
}

export async function throwAfterUnlock(item: string): Promise<void> {
  await mu.lock();
  const known = stock.has(item);
  mu.unlock();
  if (!known) throw new Error(`no such item: ${item}`);
}

export async function elseForgets(item: string, count: number): Promise<void> {
  await mu.lock(); // want: missing-unlock
  if (count > 0) {
    stock.set(item, count);
    mu.unlock();
  } else {
    stock.delete(item);
  }
}

export async function everyBranchUnlocks(item: string, count: number): Promise<string> {
  await mu.lock();
  if (count > 0) {
    stock.set(item, count);
    mu.unlock();
    return "set";
  } else if (count === 0) {
    stock.delete(item);
    mu.unlock();
    return "deleted";
  }
  mu.unlock();
  return "refused";
}

export async function switchCaseForgets(item: string, how: "add" | "remove" | "count"): Promise<number> {
  await mu.lock(); // want: missing-unlock
  switch (how) {
    case "add":
      stock.set(item, (stock.get(item) ?? 0) + 1);
      break;
    case "remove":
      stock.delete(item);
      break;
    case "count":
      return stock.get(item) ?? 0;
  }
  mu.unlock();
  return 0;
}

// The union has no third member, so there is no way past both cases.
export async function exhaustiveSwitch(item: string, how: "add" | "remove"): Promise<void> {
  await mu.lock();
  switch (how) {
    case "add":
      stock.set(item, 1);
      mu.unlock();
      break;
    case "remove":
      stock.delete(item);
      mu.unlock();
      break;
  }
}

export async function switchWithoutDefault(item: string, how: string): Promise<void> {
  await mu.lock(); // want: missing-unlock
  switch (how) {
    case "add":
      stock.set(item, 1);
      mu.unlock();
      break;
    case "remove":
      stock.delete(item);
      mu.unlock();
      break;
  }
}

export async function unlocksBehindAnd(item: string, really: boolean): Promise<void> {
  await mu.lock(); // want: missing-unlock
  stock.delete(item);
  really && mu.unlock();
}

export async function readerForgets(item: string): Promise<number> {
  await rw.rLock(); // want: missing-unlock
  const price = prices.get(item);
  if (price === undefined) return 0;
  rw.rUnlock();
  return price;
}

export async function readerUnlocks(item: string): Promise<number> {
  await rw.rLock();
  const price = prices.get(item);
  rw.rUnlock();
  return price ?? 0;
}

export async function twoLocksOneForgotten(item: string): Promise<number> {
  await mu.lock();
  await rw.rLock(); // want: missing-unlock
  const price = prices.get(item);
  if (price === undefined) {
    mu.unlock();
    return 0;
  }
  rw.rUnlock();
  mu.unlock();
  return price;
}
