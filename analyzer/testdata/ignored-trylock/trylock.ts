// tryLock says whether it locked. Who does not listen unlocks what it may not hold.
import { gosched, Mutex, RWMutex } from "@lockscope/sync";
import type { SharedMutex, SharedSemaphore } from "@lockscope/sync/shared";

const mu = new Mutex({ name: "refresh" });
const rw = new RWMutex({ name: "rates" });
const rates = new Map<string, number>();

export function ignored(): void {
  mu.tryLock(); // want: ignored-trylock
  rates.clear();
  mu.unlock();
}

export function ignoredWithFinally(currency: string): void {
  mu.tryLock(); // want: ignored-trylock
  try {
    rates.delete(currency);
  } finally {
    mu.unlock();
  }
}

export function ignoredReader(): number {
  rw.tryRLock(); // want: ignored-trylock
  const size = rates.size;
  rw.rUnlock();
  return size;
}

export function ignoredWriter(currency: string): void {
  rw.tryLock(); // want: ignored-trylock
  rates.delete(currency);
  rw.unlock();
}

export class Refresher {
  readonly #mu = new Mutex({ name: "refresher" });
  #busy = false;

  ignoredInAMethod(): void {
    this.#mu.tryLock(); // want: ignored-trylock
    this.#busy = true;
    this.#mu.unlock();
  }

  /** A wrapper passes the answer on. */
  tryBegin(): boolean {
    return this.#mu.tryLock();
  }

  end(): void {
    this.#busy = false;
    this.#mu.unlock();
  }
}

export function inACondition(): void {
  if (!mu.tryLock()) return;
  rates.clear();
  mu.unlock();
}

export function inAConst(): boolean {
  const locked = mu.tryLock();
  if (locked) {
    rates.clear();
    mu.unlock();
  }
  return locked;
}

export function behindAnAnd(currency: string): void {
  if (rates.has(currency) && rw.tryLock()) {
    rates.delete(currency);
    rw.unlock();
  }
}

export function assignedLater(): void {
  let locked = false;
  locked = mu.tryLock();
  if (locked) {
    rates.clear();
    mu.unlock();
  }
}

export function asATest(): string {
  const free = mu.tryLock();
  if (free) {
    rates.clear();
    mu.unlock();
  }
  return free ? "free" : "busy";
}

function clearAndUnlock(): void {
  rates.clear();
  mu.unlock();
}

export function decidesAboutACall(): void {
  mu.tryLock() && clearAndUnlock();
}

export async function spins(): Promise<void> {
  while (!mu.tryLock()) await gosched();
  rates.clear();
  mu.unlock();
}

// An answer that is kept and never read is nobody's either.
export function keepsTheAnswerForNothing(): void {
  const granted = mu.tryLock(); // want: ignored-trylock
  try {
    rates.clear();
  } finally {
    mu.unlock();
  }
}

/** It blocks until it has the lock: only with a time limit is there an answer to look at. */
export function blocking(shared: SharedMutex): void {
  shared.lockSync();
  rates.clear();
  shared.unlock();
}

export function blockingForPermits(places: SharedSemaphore): void {
  places.acquireSync(2);
  rates.clear();
  places.release(2);
}

export function blockingForAWhile(shared: SharedMutex): void {
  shared.lockSync(100); // want: ignored-trylock
  rates.clear();
  shared.unlock();
}
