// A cache behind an RWMutex, double-checked: most askers find what they want under the read lock. Who does not takes
// the write lock and looks again, because somebody may have loaded it while he waited.
// You should see: "30 asked, 3 loaded".
import { RWMutex, sleep, WaitGroup } from "@lockscope/sync";

class Cache {
  readonly #rw = new RWMutex({ name: "cache" });
  /** @guardedBy #rw */
  readonly #values = new Map<string, string>();
  /** @guardedBy #rw */
  #loads = 0;

  async get(key: string): Promise<string> {
    const found = await this.#rw.withRLock(() => this.#values.get(key));
    if (found !== undefined) return found;

    using _guard = await this.#rw.acquire();
    const again = this.#values.get(key);
    if (again !== undefined) return again;
    this.#loads++;
    const value = await load(key);
    this.#values.set(key, value);
    return value;
  }

  loads(): Promise<number> {
    return this.#rw.withRLock(() => this.#loads);
  }
}

/** Takes its time, as a database does. Everybody waits meanwhile: single-flight.ts does better. */
async function load(key: string): Promise<string> {
  await sleep(3);
  return key.toUpperCase();
}

const cache = new Cache();
let asked = 0;
const askers = new WaitGroup({ name: "askers" });
for (let asker = 0; asker < 10; asker++) {
  askers.go(async () => {
    for (const key of ["one", "two", "three"]) {
      await cache.get(key);
      asked++;
    }
  });
}
await askers.wait();
console.log(`${asked} asked, ${await cache.loads()} loaded`);
