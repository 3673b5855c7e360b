import { go, Mutex } from "@lockscope/sync";

const mu = new Mutex({ name: "held at the end" });
go(
  async () => {
    for (let i = 0; i < 1000; i++) {
      await mu.lock();
      if (i === 999) process.exit(3);
      mu.unlock();
    }
  },
  { name: "exits" },
);
