import { go, Mutex } from "@lockscope/sync";

const mu = new Mutex({ name: "left locked" });
go(
  async () => {
    await mu.lock();
    throw new Error("nobody catches this");
  },
  { name: "throws" },
);
