// 100,000 lock operations: half of them free, half contended by ten tasks.
import { go, Mutex } from "@lockscope/sync";

const shared = new Mutex({ name: "shared" });
let count = 0;
const tasks = Array.from({ length: 10 }, (_, n) =>
  go(
    async () => {
      const own = new Mutex({ name: `own ${n}` });
      for (let i = 0; i < 5_000; i++) {
        await own.lock();
        count++;
        own.unlock();
      }
      for (let i = 0; i < 5_000; i++) {
        await shared.lock();
        await null;
        count++;
        shared.unlock();
      }
    },
    { name: `worker ${n}` },
  ),
);
for (const task of tasks) await task.join();
console.log(count);
