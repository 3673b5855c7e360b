import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  {
    name: "CWE-367: Time-of-check time-of-use race condition",
    url: "https://cwe.mitre.org/data/definitions/367.html",
  },
  {
    name: "Go: sync.Map",
    url: "https://pkg.go.dev/sync#Map",
  },
];

export const doc: RuleDoc = {
  what: `Reports an action that relies on a check which other tasks can have made untrue: \`if (!mu.locked) await mu.lock()\`, \`load\` then \`store\` on a SyncMap with an await between, and, in plain code, a check of shared state, an await, then the change that the check was for.`,
  why: `During the await two tasks both pass the check: the balance goes below zero, the pool grows beyond its size, a message is handled twice. Whether a lock is free says nothing about the moment in which it is taken.`,
  knownProblems: `Silent where the state is looked at again behind the await, where the change is made before it, under locks and in queues, and where the check is the condition of a loop.`,
  wrong: `
declare function charge(amount: number): Promise<void>;

export class Account {
  balance = 100;

  async pay(amount: number): Promise<void> {
    if (this.balance < amount) throw new Error("not enough");
    await charge(amount);
    this.balance -= amount;
  }
}
`,
  right: `
declare function charge(amount: number): Promise<void>;

export class Account {
  balance = 100;

  async pay(amount: number): Promise<void> {
    if (this.balance < amount) throw new Error("not enough");
    this.balance -= amount;
    try {
      await charge(amount);
    } catch (error) {
      this.balance += amount;
      throw error;
    }
  }
}
`,
};
