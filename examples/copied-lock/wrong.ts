// The shared counter, handed to each worker as a copy. The copies carry the lock of the original but a value
// of their own: the lock now guards three values nobody looks at.
// You should see: "counted 0, expected 30".
import { Mutex, sleep, WaitGroup } from "@lockscope/sync";

interface Counter {
  mu: Mutex;
  value: number;
}

const counter: Counter = { mu: new Mutex({ name: "counter" }), value: 0 };

async function countTo(target: Counter, times: number): Promise<void> {
  for (let i = 0; i < times; i++) {
    await target.mu.lock();
    try {
      const seen = target.value;
      await sleep(1);
      target.value = seen + 1;
    } finally {
      target.mu.unlock();
    }
  }
}

const wg = new WaitGroup({ name: "workers" });
for (let i = 0; i < 3; i++) {
  const mine = { ...counter }; // want: copied-lock
  wg.go(() => countTo(mine, 10));
}
await wg.wait();
console.log(`counted ${counter.value}, expected 30`);
