// The shared counter every course begins with, by a mutex: one task at a time reads the count and writes it back.
// You should see: "counted 100".
import { gosched, Mutex, WaitGroup } from "@lockscope/sync";

class Counter {
  readonly #mu = new Mutex({ name: "counter" });
  /** @guardedBy #mu */
  #count = 0;

  async increment(): Promise<void> {
    using _guard = await this.#mu.acquire();
    const seen = this.#count;
    await gosched(); // reading and writing are two steps, as with a database row
    this.#count = seen + 1;
  }

  count(): Promise<number> {
    return this.#mu.withLock(() => this.#count);
  }
}

const counter = new Counter();
const workers = new WaitGroup({ name: "workers" });
for (let worker = 0; worker < 10; worker++) {
  workers.go(async () => {
    for (let i = 0; i < 10; i++) await counter.increment();
  });
}
await workers.wait();
console.log(`counted ${await counter.count()}`);
