// A lock that each call makes for itself keeps nobody out.
import { defer, Mutex, RWMutex } from "@lockscope/sync";
import { Semaphore } from "@lockscope/sync/group";

declare function post(body: string): Promise<number>;

let total = 0;
const seen = new Map<string, number>();

export async function charge(cents: number): Promise<void> {
  const mu = new Mutex(); // want: local-lock
  await mu.lock();
  try {
    await post(`${cents}`);
    total += cents;
  } finally {
    mu.unlock();
  }
}

export async function section(cents: number): Promise<number> {
  const gate = new RWMutex({ name: "gate" }); // want: local-lock
  return await gate.withLock(async () => {
    total += await post(`${cents}`);
    return total;
  });
}

export const onRequest = async (body: string): Promise<void> => {
  const limit = new Semaphore(4); // want: local-lock
  await limit.acquire();
  try {
    seen.set(body, await post(body));
  } finally {
    limit.release();
  }
};

export async function nobodyEverSeesIt(body: string): Promise<number> {
  return await new Mutex().withLock(() => post(body)); // want: local-lock
}

export async function tried(body: string): Promise<boolean> {
  const once = new Mutex(); // want: local-lock
  if (!once.tryLock()) return false;
  try {
    seen.set(body, await post(body));
    return true;
  } finally {
    once.unlock();
  }
}

export class Ledger {
  private entries: string[] = [];

  async append(entry: string): Promise<void> {
    const mu = new Mutex({ name: "ledger" }); // want: local-lock
    await mu.lock();
    using _ = defer(() => mu.unlock());
    const next = [...this.entries, entry];
    await post(entry);
    this.entries = next;
  }
}
