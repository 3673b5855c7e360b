// What the two transfer programs share: accounts with a lock each, and the everyday traffic of a bank.
import { Mutex, RWMutex, sleep } from "@lockscope/sync";

export class Account {
  readonly mu: Mutex;
  cents: number;

  constructor(
    readonly owner: string,
    /** Its place in the one order in which accounts may be locked. */
    readonly number: number,
    cents: number,
  ) {
    this.mu = new Mutex({ name: owner });
    this.cents = cents;
  }

  async deposit(cents: number): Promise<void> {
    await this.mu.lock();
    try {
      await sleep(4);
      this.cents += cents;
    } finally {
      this.mu.unlock();
    }
  }
}

/** Exchange rates: many readers, now and then a writer. */
export class Rates {
  private readonly rw = new RWMutex({ name: "rates" });
  private euro = 1.08;

  async read(): Promise<number> {
    await this.rw.rLock();
    try {
      await sleep(6);
      return this.euro;
    } finally {
      this.rw.rUnlock();
    }
  }

  async publish(euro: number): Promise<void> {
    await this.rw.lock();
    try {
      await sleep(10);
      this.euro = euro;
    } finally {
      this.rw.unlock();
    }
  }
}
