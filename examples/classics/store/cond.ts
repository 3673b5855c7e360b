// Producers and consumers around a store with room for five, by a mutex and two conditions: who finds the store full
// waits until there is room, who finds it empty waits until there is something.
// You should see: "30 made, 30 used, never more than 5 in the store".
import { Cond, gosched, Mutex, WaitGroup } from "@lockscope/sync";

class Store {
  readonly #mu = new Mutex({ name: "store" });
  readonly #room = new Cond(this.#mu, { name: "room" });
  readonly #goods = new Cond(this.#mu, { name: "goods" });
  /** @guardedBy #mu */
  readonly #shelf: string[] = [];
  /** @guardedBy #mu */
  #closed = false;
  /** @guardedBy #mu */
  #most = 0;

  constructor(readonly capacity: number) {}

  async put(item: string): Promise<void> {
    using _guard = await this.#mu.acquire();
    while (this.#shelf.length === this.capacity) await this.#room.wait();
    this.#shelf.push(item);
    this.#most = Math.max(this.#most, this.#shelf.length);
    this.#goods.signal();
  }

  /** What has been there the longest; `undefined` when the store is empty and closed. */
  async take(): Promise<string | undefined> {
    using _guard = await this.#mu.acquire();
    while (this.#shelf.length === 0 && !this.#closed) await this.#goods.wait();
    const item = this.#shelf.shift();
    this.#room.signal();
    return item;
  }

  /** Nothing more will come. */
  async close(): Promise<void> {
    using _guard = await this.#mu.acquire();
    this.#closed = true;
    this.#goods.broadcast();
  }

  most(): Promise<number> {
    return this.#mu.withLock(() => this.#most);
  }
}

const store = new Store(5);
let [made, used] = [0, 0];

const producers = new WaitGroup({ name: "producers" });
for (const producer of ["bakery", "dairy", "farm"]) {
  producers.go(async () => {
    for (let i = 1; i <= 10; i++) {
      await store.put(`${producer} ${i}`);
      made++;
    }
  });
}
const consumers = new WaitGroup({ name: "consumers" });
for (let consumer = 0; consumer < 2; consumer++) {
  consumers.go(async () => {
    while ((await store.take()) !== undefined) {
      used++;
      await gosched();
    }
  });
}
await producers.wait();
await store.close();
await consumers.wait();
console.log(`${made} made, ${used} used, never more than ${await store.most()} in the store`);
