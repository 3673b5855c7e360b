import { go, Mutex, sleep } from "@lockscope/sync";

class Account {
  readonly mu: Mutex;
  constructor(owner: string) {
    this.mu = new Mutex({ name: owner });
  }
}

async function transfer(from: Account, to: Account) {
  await from.mu.lock(); // line 11
  await sleep(5);
  await to.mu.lock(); // line 13
  to.mu.unlock();
  from.mu.unlock();
}

const [a, b] = [new Account("a"), new Account("b")];
const withdraw = go(() => transfer(a, b), { name: "withdraw" });
go(() => transfer(b, a), { name: "deposit" });
await withdraw.join(); // line 21
