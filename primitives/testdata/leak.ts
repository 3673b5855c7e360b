// The main program is done; a worker waits for jobs that will never come, another for room.
import { go, sleep, WaitGroup } from "@lockscope/sync";
import { Channel, onReceive, select } from "@lockscope/sync/channel";

const jobs = new Channel<number>(0, { name: "jobs" });
const quit = new Channel<never>();
go(
  async () => {
    for await (const job of jobs) console.log("job", job);
  },
  { name: "worker" },
);
go(
  async () => {
    await jobs.send(1);
    await select(
      onReceive(quit, () => {}),
      onReceive(Channel.nil<number>(), () => {}),
    );
  },
  { name: "producer" },
);
const wg = new WaitGroup();
wg.add(2);
go(() => wg.wait(), { name: "waiter" });
await sleep(5);
console.log("main is done");
