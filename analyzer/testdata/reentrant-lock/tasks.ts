// Not the same task: what is started under the lock and not awaited there gets its turn after the unlock.
import { go, Mutex, WaitGroup } from "@lockscope/sync";

declare function later(fn: () => Promise<void>): void;

export class Account {
  readonly mu = new Mutex({ name: "account" });
  cents = 0;

  async balance(): Promise<number> {
    await this.mu.lock();
    try {
      return this.cents;
    } finally {
      this.mu.unlock();
    }
  }

  /** A task waits for the lock on its own; the holder goes on and unlocks. */
  async startsATask(): Promise<void> {
    await this.mu.lock();
    try {
      this.cents++;
      go(() => this.balance());
      go(async () => {
        await this.mu.lock();
        this.cents--;
        this.mu.unlock();
      });
    } finally {
      this.mu.unlock();
    }
  }

  async startsCountedTasks(wg: WaitGroup): Promise<void> {
    await this.mu.lock();
    wg.go(() => this.balance());
    this.cents++;
    this.mu.unlock();
    await wg.wait();
  }

  async onATimer(): Promise<void> {
    using guard = await this.mu.acquire();
    setTimeout(() => void this.balance(), 10);
    setImmediate(async () => console.log(await this.balance()));
    queueMicrotask(() => void this.balance());
    later(async () => {
      await this.balance();
    });
  }

  // Nobody awaits these under the lock: they stand in the queue, and get the lock once it is given back.
  async leavesThemInTheQueue(names: readonly string[]): Promise<Promise<number>[]> {
    const balances: Promise<number>[] = [];
    await this.mu.lock();
    try {
      balances.push(this.balance());
      names.forEach(async () => {
        await this.mu.lock();
        this.cents++;
        this.mu.unlock();
      });
    } finally {
      this.mu.unlock();
    }
    return balances;
  }

  returnsAFunctionThatLocks(): () => Promise<number> {
    return () => this.balance();
  }

  async makesAFunctionUnderTheLock(): Promise<() => Promise<number>> {
    await this.mu.lock();
    const read = () => this.balance();
    this.cents++;
    this.mu.unlock();
    return read;
  }
}
