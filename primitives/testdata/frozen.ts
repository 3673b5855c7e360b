// Locks, then freezes its only thread for good.
import { go, Mutex } from "@lockscope/sync";

const mu = new Mutex({ name: "mu" });
go(
  async () => {
    for (let i = 0; i < 1000; i++) {
      await mu.lock();
      mu.unlock();
    }
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  },
  { name: "freezes" },
);
