// A reader reads again while a writer waits in between: the writer waits for the reader, the reader for the writer.
import { go, RWMutex, sleep } from "@lockscope/sync";

const rates = new RWMutex({ name: "rates" });
go(
  async () => {
    await rates.rLock();
    await sleep(10);
    await rates.rLock();
  },
  { name: "reader" },
);
go(
  async () => {
    await sleep(2);
    await rates.lock();
  },
  { name: "writer" },
);
