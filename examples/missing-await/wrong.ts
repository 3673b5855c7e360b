// The shared counter every course begins with. `lock()` returns a promise; nobody awaits it, so all tasks walk
// straight in.
// You should see: "counted 10, expected 100".
import { Mutex, sleep, WaitGroup } from "@lockscope/sync";

const mu = new Mutex({ name: "counter" });
const wg = new WaitGroup({ name: "workers" });
let counter = 0;

async function increment(): Promise<void> {
  mu.lock(); // want: missing-await
  try {
    const seen = counter;
    await sleep(1); // reading and writing are two steps, as with a database row
    counter = seen + 1;
  } finally {
    mu.unlock();
  }
}

for (let worker = 0; worker < 10; worker++) {
  wg.go(async () => {
    for (let i = 0; i < 10; i++) await increment();
  });
}
await wg.wait();
console.log(`counted ${counter}, expected 100`);
