import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  { name: "Go: sync.Cond.Wait", url: "https://pkg.go.dev/sync#Cond.Wait" },
  {
    name: "Error Prone: WaitNotInLoop",
    url: "https://errorprone.info/bugpattern/WaitNotInLoop",
  },
];

export const doc: RuleDoc = {
  what: `Reports a \`cond.wait()\` after which the condition is not looked at again in a loop.`,
  why: `Between the signal and the moment the waiter has the lock again, others may have taken what it waited for; a broadcast wakes more than can go on.`,
  knownProblems: `A function that does nothing but wait leaves the loop to its callers and is not reported.`,
  wrong: `
import { Cond, Mutex } from "@lockscope/sync";

export async function take(mu: Mutex, ready: Cond, items: string[]): Promise<string | undefined> {
  await mu.lock();
  try {
    if (items.length === 0) await ready.wait(); // there may be nothing again
    return items.shift();
  } finally {
    mu.unlock();
  }
}
`,
  right: `
import { Cond, Mutex } from "@lockscope/sync";

export async function take(mu: Mutex, ready: Cond, items: string[]): Promise<string | undefined> {
  await mu.lock();
  try {
    while (items.length === 0) await ready.wait();
    return items.shift();
  } finally {
    mu.unlock();
  }
}
`,
};
