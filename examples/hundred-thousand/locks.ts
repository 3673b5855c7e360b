// 100,000 lock operations, each a `lock` and its `unlock`: half of them free for the taking, half under contention.
// You should see: the elapsed time and the rate. Run it with and without the trace and compare.
import { go, gosched, Mutex, WaitGroup } from "@lockscope/sync";

const TASKS = 10;
const OPERATIONS = 100_000;

const shared = new Mutex({ name: "shared" });
let counter = 0;

async function alone(times: number, mu: Mutex): Promise<void> {
  for (let i = 0; i < times; i++) {
    await mu.lock();
    try {
      counter++;
    } finally {
      mu.unlock();
    }
  }
}

async function together(times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    await shared.lock();
    try {
      counter++;
      await gosched();
    } finally {
      shared.unlock();
    }
  }
}

const wg = new WaitGroup({ name: "tasks" });
const started = performance.now();
for (let task = 0; task < TASKS; task++) {
  const own = new Mutex({ name: `own ${task}` });
  wg.add(1);
  go(
    async () => {
      try {
        await alone(OPERATIONS / TASKS / 2, own);
        await together(OPERATIONS / TASKS / 2);
      } finally {
        wg.done();
      }
    },
    { name: `task ${task}` },
  );
}
await wg.wait();
const elapsed = performance.now() - started;

if (counter !== OPERATIONS) throw new Error(`counted ${counter} of ${OPERATIONS} operations`);
const rate = Math.round(OPERATIONS / (elapsed / 1000));
console.log(`${OPERATIONS} lock operations in ${elapsed.toFixed(1)} ms, ${rate} operations/second`);
