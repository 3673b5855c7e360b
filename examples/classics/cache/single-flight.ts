// A cache with SingleFlight: however many ask for a key that is not there, it is loaded once; who asks for another key
// does not wait for it.
// You should see: "30 asked, 3 loaded, up to 3 at the same time".
import { sleep, WaitGroup } from "@lockscope/sync";
import { SingleFlight } from "@lockscope/sync/group";

class Cache {
  readonly #values = new Map<string, string>();
  readonly #flight = new SingleFlight<string>();

  async get(key: string): Promise<string> {
    const found = this.#values.get(key);
    if (found !== undefined) return found;
    const { value } = await this.#flight.do(key, async () => {
      const loaded = await load(key);
      this.#values.set(key, loaded);
      return loaded;
    });
    return value;
  }
}

/** What was observed of the loads. */
const seen = { loads: 0, running: 0, most: 0 };

async function load(key: string): Promise<string> {
  seen.loads++;
  seen.running++;
  seen.most = Math.max(seen.most, seen.running);
  await sleep(3);
  seen.running--;
  return key.toUpperCase();
}

const cache = new Cache();
const keys = ["one", "two", "three"];
let asked = 0;
const askers = new WaitGroup({ name: "askers" });
for (let asker = 0; asker < 10; asker++) {
  askers.go(async () => {
    for (let i = 0; i < keys.length; i++) {
      await cache.get(keys[(asker + i) % keys.length]!);
      asked++;
    }
  });
}
await askers.wait();
console.log(`${asked} asked, ${seen.loads} loaded, up to ${seen.most} at the same time`);
