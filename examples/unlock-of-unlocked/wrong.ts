// A transfer between accounts. The short cut for a refused transfer unlocks by hand, and then `finally` unlocks
// once more.
// You should see: the first transfer done, the second refused, and the program ended by
// "SyncError: sync: unlock of unlocked mutex".
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
      mu.unlock();
      return false;
    }
    await sleep(2); // write it to the journal
    cents.set(from, available - amount);
    cents.set(to, (cents.get(to) ?? 0) + amount);
    return true;
  } finally {
    mu.unlock(); // want: unlock-of-unlocked
  }
}

console.log("alice to bob:", await transfer("alice", "bob", 30_00));
console.log("alice to bob:", await transfer("alice", "bob", 30_00));
