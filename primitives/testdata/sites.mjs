// What a program in JavaScript may look like: no semicolons, the library as a whole, loaded beside CommonJS.
import { createRequire } from "node:module";
import * as sync from "@lockscope/sync";
import { Channel, onReceive, onSend, select } from "@lockscope/sync/channel";

const { fromCommonJs } = createRequire(import.meta.url)("./sites.cjs");
class Store {
  #mu = new sync.Mutex({ name: "private" });
  results = new Channel(1);
  async put(value) {
    return (this.#mu).withLock(() => this.results.send(value));
  }
}
const store = new Store();
await store.put(1);
const task = sync.go(async function reads() {
  console.log(await store.results?.receive(), await fromCommonJs());
});
await task.join();
const other = new Channel(1);
await select(
  onReceive(store.results, () => {}),
  onSend(other, await Promise.resolve(3), () => {}),
);
await store.results.send(await Promise.resolve(2));
