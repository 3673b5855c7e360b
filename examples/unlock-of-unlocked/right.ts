// A transfer between accounts. Only `finally` unlocks, once, on every path.
// You should see: the first transfer done, the second refused.
import { Mutex, sleep } from "@lockscope/sync";

const mu = new Mutex({ name: "accounts" });
const cents = new Map([
  ["alice", 50_00],
  ["bob", 0],
]);

async function transfer(from: string, to: string, amount: number): Promise<boolean> {
  await mu.lock();
  try {
    const available = cents.get(from) ?? 0;
    if (available < amount) {
      console.log(`refused: ${from} has ${available}, needs ${amount}`);
      return false;
    }
    await sleep(2); // write it to the journal
    cents.set(from, available - amount);
    cents.set(to, (cents.get(to) ?? 0) + amount);
    return true;
  } finally {
    mu.unlock();
  }
}

console.log("alice to bob:", await transfer("alice", "bob", 30_00));
console.log("alice to bob:", await transfer("alice", "bob", 30_00));
