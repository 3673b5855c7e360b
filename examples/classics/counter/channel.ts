// The shared counter by channels: nothing is shared. One task owns the count; the others send it what to add, and
// receive from it what the count is.
// You should see: "counted 100".
import { go, WaitGroup } from "@lockscope/sync";
import {
  Channel,
  onReceive,
  onSend,
  type ReceiveChannel,
  type SendChannel,
  select,
} from "@lockscope/sync/channel";

/** Owns the count until nobody has anything to add any more. */
async function own(increments: ReceiveChannel<number>, reads: SendChannel<number>): Promise<void> {
  let count = 0;
  for (let open = true; open; ) {
    open = await select(
      onReceive(increments, (by, ok) => {
        if (by !== undefined) count += by;
        return ok;
      }),
      onSend(reads, count, () => true),
    );
  }
}

const increments = new Channel<number>(0, { name: "increments" });
const reads = new Channel<number>(0, { name: "reads" });
const owner = go(() => own(increments, reads), { name: "owner" });

const workers = new WaitGroup({ name: "workers" });
for (let worker = 0; worker < 10; worker++) {
  workers.go(async () => {
    for (let i = 0; i < 10; i++) await increments.send(1);
  });
}
await workers.wait();
console.log(`counted ${await reads.receive()}`);
increments.close();
await owner.join();
