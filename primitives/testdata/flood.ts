// More rows than the ring and every buffer on the way can hold, while nobody reads.
import { go, Mutex } from "@lockscope/sync";

const mu = new Mutex({ name: "mu" });
const held = new Mutex({ name: "held all along" });
await held.lock();
go(() => held.lock(), { name: "waits all along" });
await null;
for (let i = 0; i < 600_000; i++) {
  mu.tryLock();
  mu.unlock();
}
console.log("flooded");
process.once("message", async () => {
  for (let i = 0; i < 1000; i++) {
    await mu.lock();
    mu.unlock();
    await new Promise(setImmediate);
  }
  process.exit();
});
