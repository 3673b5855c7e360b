import { E_ALREADY_LOCKED, E_TIMEOUT } from "./errors.js";
import type { MutexInterface, Releaser, SemaphoreInterface } from "./interfaces.js";
import { expectWeight } from "./semaphore.js";

type Sync = MutexInterface | SemaphoreInterface;
type Ticket = Releaser | [number, Releaser];

/**
 * async-mutex's decorator: `acquire` and `waitForUnlock` reject with `timeoutError` after `timeout` milliseconds.
 * The request keeps its place, as there, and gives back at once what it gets too late.
 */
export function withTimeout(mutex: MutexInterface, timeout: number, timeoutError?: Error): MutexInterface;
export function withTimeout(
  semaphore: SemaphoreInterface,
  timeout: number,
  timeoutError?: Error,
): SemaphoreInterface;
export function withTimeout(sync: Sync, timeout: number, timeoutError: Error = E_TIMEOUT): Sync {
  const request = (weight?: number, priority?: number): Promise<Ticket> =>
    new Promise((resolve, reject) => {
      let late = false;
      const timer = setTimeout(() => {
        late = true;
        reject(timeoutError);
      }, timeout);
      const asked: Promise<Ticket> = isSemaphore(sync)
        ? sync.acquire(weight, priority)
        : sync.acquire(weight);
      asked.then(
        (ticket) => {
          clearTimeout(timer);
          if (late) releaserOf(ticket)();
          else resolve(ticket);
        },
        (error) => {
          clearTimeout(timer);
          reject(error);
        },
      );
    });
  const timed = {
    acquire(weight?: number, priority?: number): Promise<Ticket> {
      expectWeightOf(sync, weight);
      return request(weight, priority);
    },
    async runExclusive<T>(callback: (value?: number) => T, weight?: number, priority?: number): Promise<T> {
      const ticket = await timed.acquire(weight, priority);
      try {
        return await (typeof ticket === "function" ? callback() : callback(ticket[0]));
      } finally {
        releaserOf(ticket)();
      }
    },
    waitForUnlock(weight?: number, priority?: number): Promise<void> {
      expectWeightOf(sync, weight);
      return new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(timeoutError), timeout);
        const free = isSemaphore(sync) ? sync.waitForUnlock(weight, priority) : sync.waitForUnlock(weight);
        free.then(() => {
          clearTimeout(timer);
          resolve();
        }, reject);
      });
    },
    release: (weight?: number) => sync.release(weight),
    cancel: () => sync.cancel(),
    isLocked: () => sync.isLocked(),
    getValue: () => (sync as SemaphoreInterface).getValue(),
    setValue: (value: number) => (sync as SemaphoreInterface).setValue(value),
  };
  return timed as Sync;
}

/** async-mutex's decorator: what cannot be had at once is not waited for. */
export function tryAcquire(mutex: MutexInterface, alreadyAcquiredError?: Error): MutexInterface;
export function tryAcquire(semaphore: SemaphoreInterface, alreadyAcquiredError?: Error): SemaphoreInterface;
export function tryAcquire(sync: Sync, alreadyAcquiredError: Error = E_ALREADY_LOCKED): Sync {
  return withTimeout(sync as SemaphoreInterface, 0, alreadyAcquiredError);
}

function releaserOf(ticket: Ticket): Releaser {
  return typeof ticket === "function" ? ticket : ticket[1];
}

/** As there: what a decorator has returned counts as one, whatever it decorates. */
function isSemaphore(sync: Sync): sync is SemaphoreInterface {
  return (sync as Partial<SemaphoreInterface>).getValue !== undefined;
}

/** The first argument of a mutex's methods is a priority. */
function expectWeightOf(sync: Sync, weight: number | undefined): void {
  if (weight !== undefined && isSemaphore(sync)) expectWeight(weight);
}
