// A bank account whose methods each take the lock. `withdraw` holds it and calls `balance`, which wants it too:
// a Mutex knows no owner, so the task waits for itself.
// You should see: the deposit, and then nothing.
import { Mutex, sleep } from "@lockscope/sync";

class Account {
  private readonly mu = new Mutex({ name: "account" });
  private cents = 0;

  async balance(): Promise<number> {
    await this.mu.lock();
    try {
      return this.cents;
    } finally {
      this.mu.unlock();
    }
  }

  async deposit(cents: number): Promise<void> {
    await this.mu.lock();
    try {
      await sleep(5); // the bank takes its time
      this.cents += cents;
    } finally {
      this.mu.unlock();
    }
  }

  async withdraw(cents: number): Promise<void> {
    await this.mu.lock();
    try {
      const available = await this.balance(); // want: reentrant-lock
      if (available < cents) throw new Error("insufficient funds");
      this.cents -= cents;
    } finally {
      this.mu.unlock();
    }
  }
}

const account = new Account();
await account.deposit(10_00);
console.log("deposited 10.00");
await account.withdraw(4_00);
console.log(`withdrew 4.00, ${(await account.balance()) / 100} left`);
