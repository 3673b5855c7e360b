// The same store by a channel: a buffer of five is the room, and waiting for room or for goods is what `send` and
// `receive` do anyway.
// You should see: "30 made, 30 used, never more than 5 in the store".
import { gosched, WaitGroup } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

const store = new Channel<string>(5, { name: "store" });
let [made, used, most] = [0, 0, 0];

const producers = new WaitGroup({ name: "producers" });
for (const producer of ["bakery", "dairy", "farm"]) {
  producers.go(async () => {
    for (let i = 1; i <= 10; i++) {
      await store.send(`${producer} ${i}`);
      made++;
      most = Math.max(most, store.length);
    }
  });
}
const consumers = new WaitGroup({ name: "consumers" });
for (let consumer = 0; consumer < 2; consumer++) {
  consumers.go(async () => {
    for await (const _item of store) {
      used++;
      await gosched();
    }
  });
}
await producers.wait();
store.close();
await consumers.wait();
console.log(`${made} made, ${used} used, never more than ${most} in the store`);
