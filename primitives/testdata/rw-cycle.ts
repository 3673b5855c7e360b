// Two readers both want to write: each waits for the other to stop reading.
import { go, RWMutex, sleep } from "@lockscope/sync";

const rates = new RWMutex();
for (const name of ["first", "second"]) {
  go(
    async () => {
      await rates.rLock();
      await sleep(5);
      await rates.lock();
      rates.unlock();
      rates.rUnlock();
    },
    { name },
  );
}
