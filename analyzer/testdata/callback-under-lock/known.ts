// The callback can be read where it is passed: the finding stands there, if there is one.
import { Mutex } from "@lockscope/sync";

const mu = new Mutex({ name: "table" });
const table = new Map<string, number>();

export async function update(key: string, next: (value: number) => Promise<number>): Promise<void> {
  await mu.lock();
  try {
    const value = table.get(key) ?? 0;
    table.set(key, await next(value));
  } finally {
    mu.unlock();
  }
}

export async function get(key: string): Promise<number> {
  await mu.lock();
  try {
    return table.get(key) ?? 0;
  } finally {
    mu.unlock();
  }
}

export async function increment(key: string): Promise<void> {
  await update(key, async (value) => value + 1);
}

export async function copy(from: string, to: string): Promise<void> {
  await update(to, async () => get(from)); // want: reentrant-lock
}

export async function visit(seen: (key: string, value: number) => Promise<void>): Promise<void> {
  await mu.lock();
  try {
    for (const [key, value] of table) await seen(key, value); // want: callback-under-lock
    table.clear();
  } finally {
    mu.unlock();
  }
}
