import { go, Mutex, RWMutex, WaitGroup } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

const plain = new Mutex();
let typed: RWMutex = new RWMutex();
class Store {
  readonly field = new Mutex();
  #hidden: WaitGroup = new WaitGroup();
  late: Mutex;
  constructor() {
    this.late = new Mutex();
    this.#hidden.add(1);
  }
}
const stores = [new Store(), new Store()];
const object = { property: new Channel<number>(7) };
const list = [new Mutex()];
const given = new Mutex({ name: "given" });
const brokenOverALine =
  // biome keeps such lines apart
  new Mutex();
for (const mu of [plain, typed, list[0]!, given, brokenOverALine]) await mu.lock();
for (const store of stores) {
  await store.field.lock();
  await store.late.lock();
}
await object.property.send(1);
await go(async function worker() {}).join();
await go(async () => {}).join();
