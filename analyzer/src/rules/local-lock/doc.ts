import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  {
    name: "SpotBugs: DL, synchronization on something nobody shares",
    url: "https://spotbugs.readthedocs.io/en/stable/bugDescriptions.html",
  },
  { name: "CWE-820: missing synchronization", url: "https://cwe.mitre.org/data/definitions/820.html" },
];

export const doc: RuleDoc = {
  what: `Reports a lock that is made inside a function and used by that one call alone: it is neither returned, stored nor passed on, and no task started there uses it.`,
  why: `Each call makes a lock of its own, so nobody ever waits for anybody. The code looks protected and is not.`,
  knownProblems: `Distributed locks are exempt: two objects with one prefix are one lock. Silent as soon as the lock is used in a function that may run beside this call, when a lock call is not awaited on the spot (\`Promise.all([mu.withLock(a), mu.withLock(b)])\` does exclude), and in tests.`,
  wrong: `
import { Mutex } from "@lockscope/sync";

let balance = 100;
declare function audit(amount: number): Promise<void>;

export async function withdraw(amount: number): Promise<void> {
  const mu = new Mutex();
  await mu.withLock(async () => {
    await audit(amount);
    balance -= amount;
  });
}
`,
  right: `
import { Mutex } from "@lockscope/sync";

const mu = new Mutex();
let balance = 100;
declare function audit(amount: number): Promise<void>;

export async function withdraw(amount: number): Promise<void> {
  await mu.withLock(async () => {
    await audit(amount);
    balance -= amount;
  });
}
`,
};
