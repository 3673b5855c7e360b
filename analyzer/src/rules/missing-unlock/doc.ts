import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  { name: "Go: the defer idiom of sync.Mutex", url: "https://go.dev/tour/concurrency/9" },
  { name: "Infer: starvation", url: "https://fbinfer.com/docs/checker-starvation" },
];

export const doc: RuleDoc = {
  what: `Reports a lock call after which some path to the end of the function - a \`return\`, a \`throw\`, a \`break\` out, a \`continue\` into the next round, or simply the last line - leaves the lock held, while other paths release it; or that the function never releases, when nothing else in the program does it in its place (code that releases only what it took itself does not count).`,
  why: `The next task that wants the lock waits for ever. Node then has nothing left to do and exits, or the server answers no more: nothing points at the forgotten line.`,
  knownProblems: `Silent where the lock is released by somebody else on purpose: a guard that is returned or passed on, a pair of functions of which one locks and the other unlocks, a closure that releases later, a lock that came in as a parameter, a lock that is handed on as a value. In tests a lock may stay held. Conditions that are written alike (\`if (x) await mu.lock(); … if (x) mu.unlock();\`) are understood; two that merely mean the same are not, and then the rule keeps quiet. Functions with too many paths are not followed.`,
  wrong: `
import { Mutex } from "@lockscope/sync";

const mu = new Mutex();
let balance = 100;

export async function withdraw(amount: number): Promise<boolean> {
  await mu.lock();
  if (amount > balance) return false; // still locked
  balance -= amount;
  mu.unlock();
  return true;
}
`,
  right: `
import { Mutex } from "@lockscope/sync";

const mu = new Mutex();
let balance = 100;

export async function withdraw(amount: number): Promise<boolean> {
  await mu.lock();
  try {
    if (amount > balance) return false;
    balance -= amount;
    return true;
  } finally {
    mu.unlock();
  }
}
`,
};
