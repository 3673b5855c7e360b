// Readers and a writer share a table of exchange rates. The reader takes the read side and gives back the write
// side.
// You should see: the writer's update, and then the program ended by
// "SyncError: sync: Unlock of unlocked RWMutex".
import { go, RWMutex, sleep } from "@lockscope/sync";

class Rates {
  private readonly rw = new RWMutex({ name: "rates" });
  private readonly table = new Map<string, number>();

  async set(currency: string, rate: number): Promise<void> {
    await this.rw.lock();
    try {
      await sleep(2);
      this.table.set(currency, rate);
    } finally {
      this.rw.unlock();
    }
  }

  async get(currency: string): Promise<number | undefined> {
    await this.rw.rLock();
    try {
      await sleep(1);
      return this.table.get(currency);
    } finally {
      this.rw.unlock(); // want: mismatched-unlock
    }
  }
}

const rates = new Rates();
await rates.set("EUR", 1.08);
console.log("EUR is set");
const readers = [1, 2, 3].map((n) =>
  go(async () => console.log(`reader ${n} sees`, await rates.get("EUR")), { name: `reader ${n}` }),
);
for (const reader of readers) await reader.join();
