import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  {
    name: "MDN: Promise.race, what does not win is not stopped",
    url: "https://developer.mozilla.org/docs/Web/JavaScript/Reference/Global_Objects/Promise/race",
  },
  { name: "Go: context, cancellation is cooperative", url: "https://go.dev/blog/context" },
];

export const doc: RuleDoc = {
  what: `Reports a critical section that is raced against a timeout: \`Promise.race([write(), timeout(1000)])\` while a lock is held, a helper that does the same (\`withTimeout(write(), 1000)\`), the section call itself in such a race, and async-lock's \`maxExecutionTime\`.`,
  why: `A promise that loses a race is not stopped. The lock goes to the next holder while the slow section is still at work, and the two run beside each other: just what the lock is there to prevent, and only when things are slow already.`,
  knownProblems: `Under a lock only work that changes something counts: it writes what the lock is for, it is named like a write, or it is the caller's own function. Silent where the work is given an AbortSignal or a context, and in tests.`,
  wrong: `
import { Mutex, sleep } from "@lockscope/sync";

const mu = new Mutex();
const rows = new Map<string, string>();
declare function fetchRow(key: string): Promise<string>;

async function refresh(key: string): Promise<void> {
  const row = await fetchRow(key);
  rows.set(key, row);
}

export async function update(key: string): Promise<void> {
  await mu.lock();
  try {
    rows.delete(key);
    await Promise.race([refresh(key), sleep(1000)]);
  } finally {
    mu.unlock();
  }
}
`,
  right: `
import { Mutex } from "@lockscope/sync";

const mu = new Mutex();
const rows = new Map<string, string>();
declare function fetchRow(key: string, signal: AbortSignal): Promise<string>;

export async function update(key: string): Promise<void> {
  await mu.lock();
  try {
    rows.delete(key);
    const row = await fetchRow(key, AbortSignal.timeout(1000));
    rows.set(key, row);
  } finally {
    mu.unlock();
  }
}
`,
};
