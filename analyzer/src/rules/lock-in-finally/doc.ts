import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  {
    name: "staticcheck: SA2003, deferred Lock right after locking",
    url: "https://staticcheck.dev/docs/checks/#SA2003",
  },
];

export const doc: RuleDoc = {
  what: `Reports a \`lock()\` in a \`finally\`, or in \`using _ = defer(() => mu.lock())\`, of a lock that is already held there, or that stays held when the function ends: \`unlock()\` was meant.`,
  why: `The task waits for itself at the very end of its work, or everybody after it waits for ever.`,
  knownProblems: `A lock that was given up for a while and is taken again in the \`finally\` is right and not reported, nor is one that the function releases later. \`acquire()\` and \`withLock()\` in a \`finally\` are left to \`reentrant-lock\`.`,
  wrong: `
import { defer, Mutex } from "@lockscope/sync";

const mu = new Mutex();
let balance = 100;

export async function deposit(amount: number): Promise<void> {
  await mu.lock();
  using _ = defer(() => mu.lock());
  balance += amount;
}
`,
  right: `
import { defer, Mutex } from "@lockscope/sync";

const mu = new Mutex();
let balance = 100;

export async function deposit(amount: number): Promise<void> {
  await mu.lock();
  using _ = defer(() => mu.unlock());
  balance += amount;
}
`,
};
