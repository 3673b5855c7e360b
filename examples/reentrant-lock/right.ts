// A bank account whose public methods take the lock once. `withdraw` already holds it, so it reads the field
// itself instead of calling `balance`.
// You should see: the deposit, the withdrawal, and 6 left.
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
      if (this.cents < cents) throw new Error("insufficient funds");
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
