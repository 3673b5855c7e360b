import { expect, it } from "vitest";
import { startThread, type Thread } from "../../testing/threads.js";
import { sleep } from "../index.js";
import { SharedMutex } from "../shared.js";

/** `LOCKSCOPE_STRESS=10000000` for the long run, which also says how it went. */
const long = process.env.LOCKSCOPE_STRESS;
const crew = 8;

/**
 * A section adds one to the counter and then, as its own, to its tally: neither atomically. Who finds the
 * lock's owner dead puts the counter right, which may be ahead of the tallies by the dead one's last step.
 */
const body = `
  const mu = shared.SharedMutex.from(data.mu);
  const { counter, tallies, index, target, blocks, workUs } = data;
  const told = (error) => {
    if (error.code !== "owner-died") throw error;
    const sum = tallies.reduce((a, b) => a + b);
    if (counter[0] !== sum && counter[0] !== sum + 1) counter[1]++;
    counter[0] = sum;
    counter[2]++;
  };
  let inside = true;
  while (inside) {
    if (blocks) {
      try { mu.lockSync(); } catch (error) { told(error); }
    } else await mu.lock().catch(told);
    inside = counter[0] < target;
    if (inside) {
      counter[0]++;
      for (const end = performance.now() + workUs / 1000; performance.now() < end; );
      tallies[index]++;
    }
    mu.unlock();
  }`;

async function stress(sections: number, workUs: number, killEveryMs: number) {
  const mu = new SharedMutex();
  const counter = new Int32Array(new SharedArrayBuffer(12));
  const tallies = new Int32Array(new SharedArrayBuffer(4 * 10_000));
  let started = 0;
  const start = (place: number): Promise<Thread> => {
    const blocks = place % 4 !== 0;
    const data = { mu: mu.handle, counter, tallies, index: started++, target: sections, blocks, workUs };
    return startThread(body, data);
  };
  const threads = await Promise.all(Array.from({ length: crew }, (_, place) => start(place)));
  let kills = 0;
  while (Atomics.load(counter, 0) < sections) {
    await sleep(killEveryMs);
    const victim = kills++ % crew;
    await threads[victim]!.kill();
    threads[victim] = await start(victim);
  }
  for (const { end } of threads) expect(await end).toBe(0);
  const [count, lost, recovered] = counter;
  if (long !== undefined) console.log({ sections: count, workUs, kills, recovered, lost });
  expect([tallies.reduce((a, b) => a + b), lost]).toEqual([count, 0]);
  expect([mu.locked, mu.woken, mu.starving, mu.waiters]).toEqual([false, false, false, 0]);
  return { kills };
}

it("eight threads, some of which are killed now and then, lose no update", { timeout: 600_000 }, async () => {
  const { kills } = await stress(Number(long ?? 200_000), 0, 50);
  expect(kills).toBeGreaterThan(0);
});

it("killed where they hold the lock or wait for it: nobody is left waiting", {
  timeout: 600_000,
}, async () => {
  const { kills } = await stress(long === undefined ? 10_000 : 200_000, 50, 5);
  expect(kills).toBeGreaterThan(0);
});
