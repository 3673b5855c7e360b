// Two accounts, two tasks, one order. Whoever pays whom, the account with the lower number is locked first, so no
// circle can close.
// You should see: deposits and rates, two transfers paid, "alice has 100, bob has 130".
import { go, sleep, WaitGroup } from "@lockscope/sync";
import { Account, Rates } from "./bank.js";

async function transfer(from: Account, to: Account, cents: number): Promise<void> {
  console.log(`${from.owner} pays ${to.owner} ${cents / 100}`);
  const [first, second] = from.number < to.number ? [from, to] : [to, from];
  await first.mu.lock();
  try {
    await sleep(10); // check the balance with the back office
    await second.mu.lock();
    try {
      from.cents -= cents;
      to.cents += cents;
    } finally {
      second.mu.unlock();
    }
  } finally {
    first.mu.unlock();
  }
  console.log(`${from.owner} paid ${to.owner}`);
}

const alice = new Account("alice", 1, 100_00);
const bob = new Account("bob", 2, 100_00);
const rates = new Rates();

const morning = new WaitGroup({ name: "morning" });
morning.add(4);
for (const [clerk, account] of [
  ["clerk 1", alice],
  ["clerk 2", bob],
] as const) {
  go(
    async () => {
      for (let i = 1; i <= 5; i++) await account.deposit(i * 100);
      morning.done();
    },
    { name: clerk },
  );
}
go(
  async () => {
    for (const euro of [1.09, 1.07, 1.1]) await rates.publish(euro);
    morning.done();
  },
  { name: "market" },
);
go(
  async () => {
    for (let i = 0; i < 4; i++) console.log("the euro is at", await rates.read());
    morning.done();
  },
  { name: "ticker" },
);
await morning.wait();
console.log(`alice has ${alice.cents / 100}, bob has ${bob.cents / 100}`);

const payments = [
  go(() => transfer(alice, bob, 20_00), { name: "alice pays bob" }),
  go(() => transfer(bob, alice, 5_00), { name: "bob pays alice" }),
];
for (const payment of payments) await payment.join();
console.log(`alice has ${alice.cents / 100}, bob has ${bob.cents / 100}`);
