// A lock for each request: a hundred thousand, of which each is used once. A few others live all along: they are used
// now and then, held, counted, or were closed at some time.
import { existsSync } from "node:fs";
import { go, Mutex, sleep, WaitGroup } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

async function serve(requests: number): Promise<void> {
  for (let request = 0; request < requests; request++) {
    const own = new Mutex();
    await own.lock();
    own.unlock();
    // As fast as it is taken away.
    if (request % 1000 === 0) await sleep(2);
  }
}

await go(() => serve(20_000), { name: "warms up" }).join();
const seldom = new Mutex({ name: "seldom" });
const idle = new Mutex({ name: "idle" });
const held = new Mutex({ name: "held all along" });
const group = new WaitGroup({ name: "counts" });
const closed = new Channel<number>(1, { name: "closed" });
const [left, right] = [new Mutex({ name: "left" }), new Mutex({ name: "right" })];
group.add(1);
closed.close();
await idle.lock();
idle.unlock();
const keeper = go(
  async () => {
    await held.lock();
    await sleep(60_000);
  },
  { name: "keeps" },
);
for (let round = 0; round < 4; round++) {
  await go(() => serve(20_000), { name: `serves ${round}` }).join();
  await seldom.lock();
  seldom.unlock();
}
await closed.receive();
if (process.argv[2] === "asks") {
  process.kill(process.pid, "SIGUSR2");
  const file = process.env.LOCKSCOPE_TRACE!.slice("file:".length);
  while (!existsSync(file)) await sleep(20);
} else {
  const cross = async (first: Mutex, second: Mutex) => {
    await first.lock();
    await sleep(10);
    await second.lock();
  };
  go(() => cross(left, right), { name: "crosses" });
  go(() => cross(right, left), { name: "crosses back" });
  await sleep(60_000);
}
process.exit(keeper.state === "waiting" || keeper.state === "running" ? 0 : 1);
