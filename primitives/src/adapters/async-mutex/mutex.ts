import { E_CANCELED } from "./errors.js";
import { Gate } from "./gate.js";
import type { MutexInterface, Releaser } from "./interfaces.js";

/** async-mutex's `Mutex`: `acquire` resolves with the function that releases. */
export class Mutex extends Gate implements MutexInterface {
  /** @param cancelError what `cancel` rejects requests with */
  constructor(cancelError: Error = E_CANCELED) {
    super(1, cancelError);
  }

  /** @internal */
  get kind(): string {
    return "Mutex";
  }

  async acquire(priority = 0): Promise<Releaser> {
    return (await this.request(1, priority, Mutex.prototype.acquire))[1];
  }

  /** Runs `callback` with the mutex locked; unlocks when it has ended, whether it returned or threw. */
  async runExclusive<T>(callback: () => Promise<T> | T, priority = 0): Promise<T> {
    const [, release] = await this.request(1, priority, Mutex.prototype.runExclusive);
    try {
      return await callback();
    } finally {
      release();
    }
  }

  /** Resolves when the mutex is free for a request of this priority, and does not lock it. */
  waitForUnlock(priority = 0): Promise<void> {
    return this.watch(1, priority, Mutex.prototype.waitForUnlock);
  }

  /** Unlocks, whoever has locked; does nothing if the mutex is free. */
  release(): void {
    if (this.isLocked()) this.giveBack(1, Mutex.prototype.release);
  }
}
