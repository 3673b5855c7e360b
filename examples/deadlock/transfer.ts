// Two accounts, two tasks, opposite order. First some ordinary traffic; then Alice pays Bob while Bob pays Alice,
// and each transfer holds the account that the other one needs.
// You should see: deposits and rates, "alice pays bob …", "bob pays alice …", and no "paid". Plain Node just ends.
// Run with the trace (F5, or `npx lockscope run deadlock/transfer.ts`) and Lockscope says who waits for whom.
import { go, sleep, WaitGroup } from "@lockscope/sync";
import { Account, Rates } from "./bank.js";

async function transfer(from: Account, to: Account, cents: number): Promise<void> {
  console.log(`${from.owner} pays ${to.owner} ${cents / 100}`);
  await from.mu.lock();
  try {
    await sleep(10); // check the balance with the back office
    await to.mu.lock(); // want: lock-order
    try {
      from.cents -= cents;
      to.cents += cents;
    } finally {
      to.mu.unlock();
    }
  } finally {
    from.mu.unlock();
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
