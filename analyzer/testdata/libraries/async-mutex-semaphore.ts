// async-mutex: a semaphore resolves to its value and the function that releases.
import { Semaphore } from "async-mutex";

declare function load(id: string): Promise<string>;

const semaphore = new Semaphore(3);
const texts = new Map<string, string>();

export async function tuple(id: string): Promise<void> {
  const [, release] = await semaphore.acquire(); // want: unlock-not-in-finally
  texts.set(id, await load(id));
  release();
}

export async function tupleReturnsEarly(id: string): Promise<void> {
  const [value, release] = await semaphore.acquire(); // want: missing-unlock
  if (value === 1) return;
  texts.delete(id);
  release();
}

export async function tupleAssigned(id: string): Promise<void> {
  let release: () => void;
  [, release] = await semaphore.acquire(); // want: unlock-not-in-finally
  texts.set(id, await load(id));
  release();
}

export async function tupleKeptWhole(id: string): Promise<void> {
  const ticket = await semaphore.acquire(); // want: unlock-not-in-finally
  texts.set(id, await load(id));
  ticket[1]();
}

export async function inFinally(id: string): Promise<string> {
  const [value, release] = await semaphore.acquire();
  try {
    return value > 1 ? await load(id) : "";
  } finally {
    release();
  }
}
