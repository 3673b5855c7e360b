// One of each of what is neither a mutex nor a channel: what its operations look like in a trace.
import { Cond, go, Mutex, Once, RecursiveMutex, SyncMap } from "@lockscope/sync";

const mu = new Mutex({ name: "mu" });
const cond = new Cond(mu, { name: "cond" });
const waits = go(
  async () => {
    await mu.lock();
    await cond.wait();
    mu.unlock();
  },
  { name: "waits" },
);
await go(() => {}, { name: "first" }).join();
cond.signal();
await waits.join();
cond.broadcast();

const once = new Once({ name: "once" });
const runs = go(() => once.do(() => Promise.resolve()), { name: "runs" });
const asks = go(() => once.do(() => {}), { name: "asks" });
await Promise.all([runs.join(), asks.join()]);

const map = new SyncMap<string, number>({ name: "map" });
const computes = go(() => map.loadOrCompute("key", async () => 1), { name: "computes" });
await go(() => map.loadOrCompute("key", () => 2), { name: "shares" }).join();
await computes.join();

const recursive = new RecursiveMutex({ name: "recursive" });
await go(() => recursive.withLock(() => recursive.withLock(() => {})), { name: "deep" }).join();
