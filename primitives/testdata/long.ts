// Takes a lock many times, while another one is held all along; what becomes of it then is told by the first argument.
import { go, Mutex, sleep } from "@lockscope/sync";

const how = process.argv[2];
const [held, busy] = [new Mutex({ name: "held all along" }), new Mutex({ name: "busy" })];
const holder = go(
  async () => {
    await held.lock();
    while (how !== "never") await sleep(1000);
  },
  { name: "holds all along" },
);
await sleep(1);
for (let round = 0; round < 120; round++) {
  for (let i = 0; i < 1000; i++) {
    await busy.lock();
    busy.unlock();
  }
  // As fast as it is taken away.
  await sleep(2);
}
for (let left = how === "asks" ? 1 : how === "asks twice" ? 2 : 0; left > 0; left--) {
  process.kill(process.pid, "SIGUSR2");
  await sleep(200);
}
if (how === "crashes") throw new Error("on purpose");
if (how === "sticks") {
  const [a, b] = [new Mutex({ name: "a" }), new Mutex({ name: "b" })];
  for (const [first, second] of [
    [a, b],
    [b, a],
  ] as const) {
    go(async () => {
      await first.lock();
      await sleep(10);
      await second.lock();
    });
  }
  await sleep(2000);
}
process.exit(holder.state === "running" || holder.state === "waiting" ? 0 : 1);
