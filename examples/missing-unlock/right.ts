// Selling the last tickets. Every path gives the lock back, because `finally` stands on all of them.
// You should see: two tickets, two fans told "sold out", and "everybody was served".
import { go, Mutex, sleep, WaitGroup } from "@lockscope/sync";

class BoxOffice {
  private readonly mu = new Mutex({ name: "box office" });
  private tickets = 2;

  async buy(fan: string): Promise<string> {
    await this.mu.lock();
    try {
      if (this.tickets === 0) {
        return `${fan}: sold out`;
      }
      this.tickets--;
    } finally {
      this.mu.unlock();
    }
    await sleep(5); // printing the ticket needs no lock
    return `${fan}: here is your ticket`;
  }
}

const office = new BoxOffice();
const wg = new WaitGroup({ name: "fans" });
for (const fan of ["Ada", "Barbara", "Edsger", "Tony"]) {
  wg.add(1);
  go(
    async () => {
      try {
        console.log(await office.buy(fan));
      } finally {
        wg.done();
      }
    },
    { name: fan },
  );
}
await wg.wait();
console.log("everybody was served");
