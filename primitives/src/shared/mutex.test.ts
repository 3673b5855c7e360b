import { expect, it } from "vitest";
import { startThreads } from "../../testing/threads.js";
import { SharedMutex } from "./mutex.js";

it("smoke", async () => {
  const mu = new SharedMutex();
  const counter = new SharedArrayBuffer(8);
  const t0 = performance.now();
  const threads = await startThreads(
    4,
    `
    const mu = shared.SharedMutex.from(data.mu);
    const words = new Int32Array(data.counter);
    for (let i = 0; i < 50000; i++) {
      if (data.index % 2 === 0) mu.lockSync(); else await mu.lock();
      words[0]++;
      mu.unlock();
    }
    post("done");
  `,
    { mu: mu.handle, counter },
  );
  const words = new Int32Array(counter);
  for (let i = 0; i < 1000; i++) {
    await mu.lock();
    words[0]!++;
    mu.unlock();
  }
  for (const t of threads) expect(await t.end).toBe(0);
  console.log(performance.now() - t0);
  expect(words[0]).toBe(201000);
  expect([mu.locked, mu.waiters, mu.woken, mu.starving]).toEqual([false, 0, false, false]);
});
