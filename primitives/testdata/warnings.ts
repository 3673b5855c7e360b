// Nothing goes wrong, this time: two locks are taken in opposite orders by tasks that do not meet, and a lock is held
// for long while another task waits for it. With "well" as its argument, neither happens.
import { go, Mutex, sleep } from "@lockscope/sync";

const well = process.argv[2] === "well";
const stock = new Mutex();
const ledger = new Mutex();

async function both(first: Mutex, second: Mutex): Promise<void> {
  await first.lock();
  await second.lock();
  second.unlock();
  first.unlock();
}

await go(() => both(stock, ledger), { name: "sells" }).join();
await go(() => (well ? both(stock, ledger) : both(ledger, stock)), { name: "buys" }).join();

const slow = go(
  async () => {
    await stock.lock();
    await sleep(well ? 10 : 400);
    stock.unlock();
  },
  { name: "counts" },
);
await sleep(1);
await stock.lock();
stock.unlock();
await slow.join();
await sleep(200);
