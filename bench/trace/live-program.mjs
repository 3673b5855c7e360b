// Takes and gives back a lock at a steady rate for ten seconds; prints how many events that made. Run by live.mjs.
import { setTimeout as nap } from "node:timers/promises";

const { Mutex } = await import(process.env.LIBRARY ?? "@lockscope/sync");

const SECONDS = 10;
const pairsPerMs = Number(process.env.RATE) / 2000;
const mu = new Mutex();
let pairs = 0;
const started = performance.now();
for (let passed = 0; passed < SECONDS * 1000; passed = performance.now() - started) {
  const due = passed * pairsPerMs;
  while (pairs < due) {
    await mu.lock();
    mu.unlock();
    pairs++;
  }
  await nap(1);
}
process.stdout.write(JSON.stringify({ events: 2 * pairs, seconds: (performance.now() - started) / 1000 }));
