import { E_CANCELED } from "./errors.js";
import { Gate } from "./gate.js";
import type { Releaser, SemaphoreInterface } from "./interfaces.js";

/** async-mutex's `Semaphore`: a value of which each request takes its weight. */
export class Semaphore extends Gate implements SemaphoreInterface {
  /** @internal What the trace calls it. */
  readonly capacity: number;

  /** @param cancelError what `cancel` rejects requests with */
  constructor(value: number, cancelError: Error = E_CANCELED) {
    super(value, cancelError);
    this.capacity = value;
  }

  /** @internal */
  get kind(): string {
    return "Semaphore";
  }

  /** @throws {Error} unless `weight` is positive */
  acquire(weight = 1, priority = 0): Promise<[number, Releaser]> {
    expectWeight(weight);
    return this.request(weight, priority, Semaphore.prototype.acquire);
  }

  /** Runs `callback` with the value as it was before; gives back when it has ended, whether it returned or threw. */
  async runExclusive<T>(callback: (value: number) => Promise<T> | T, weight = 1, priority = 0): Promise<T> {
    expectWeight(weight);
    const [value, release] = await this.request(weight, priority, Semaphore.prototype.runExclusive);
    try {
      return await callback(value);
    } finally {
      release();
    }
  }

  /**
   * Resolves when a request of this weight and priority would be served, and takes nothing.
   *
   * @throws {Error} unless `weight` is positive
   */
  waitForUnlock(weight = 1, priority = 0): Promise<void> {
    expectWeight(weight);
    return this.watch(weight, priority, Semaphore.prototype.waitForUnlock);
  }

  getValue(): number {
    return this.value;
  }

  setValue(value: number): void {
    this.change(value);
  }

  /** @throws {Error} unless `weight` is positive */
  release(weight = 1): void {
    expectWeight(weight);
    this.giveBack(weight, Semaphore.prototype.release);
  }
}

export function expectWeight(weight: number): void {
  if (weight <= 0) throw new Error(`invalid weight ${weight}: must be positive`);
}
