// Opposite orders that deadlock nobody: one pair of tasks only tries the second lock, the other gives up in time.
import { go, Mutex, sleep } from "@lockscope/sync";

async function tries(first: Mutex, second: Mutex): Promise<void> {
  for (let turn = 0; turn < 10; turn++) {
    await first.lock();
    await sleep(1);
    if (second.tryLock()) second.unlock();
    first.unlock();
    await sleep(1);
  }
}

async function givesUp(first: Mutex, second: Mutex): Promise<void> {
  await first.lock();
  await sleep(10);
  // Not AbortSignal.timeout: its timer does not keep the program alive.
  const patience = new AbortController();
  setTimeout(() => patience.abort(), 200);
  try {
    await second.lock({ signal: patience.signal });
    second.unlock();
  } catch {
    console.log("given up");
  }
  first.unlock();
}

const [a, b, c, d] = ["a", "b", "c", "d"].map((name) => new Mutex({ name })) as [Mutex, Mutex, Mutex, Mutex];
const tasks = [
  go(() => tries(a, b), { name: "tries a b" }),
  go(() => tries(b, a), { name: "tries b a" }),
  go(() => givesUp(c, d), { name: "gives up c d" }),
  go(() => givesUp(d, c), { name: "gives up d c" }),
];
for (const task of tasks) await task.join();
