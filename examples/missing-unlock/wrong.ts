// Selling the last tickets. One path returns without giving the lock back.
// You should see: both first fans get a ticket, the third is told "sold out" with the box office still
// locked, so the fourth waits for ever. Nothing is left that could run, so Node ends the program.
import { go, Mutex, sleep, WaitGroup } from "@lockscope/sync";

class BoxOffice {
  private readonly mu = new Mutex({ name: "box office" });
  private tickets = 2;

  async buy(fan: string): Promise<string> {
    await this.mu.lock(); // want: missing-unlock
    if (this.tickets === 0) {
      return `${fan}: sold out`;
    }
    this.tickets--;
    this.mu.unlock();
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
