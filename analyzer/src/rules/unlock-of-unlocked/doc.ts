import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  { name: "Go: sync.Mutex.Unlock", url: "https://pkg.go.dev/sync#Mutex.Unlock" },
];

export const doc: RuleDoc = {
  what: `Reports a release of a lock that is surely not held there: one that was never locked, one that the line above released already, a second \`guard.release()\`. Also one that throws in some order in which the tasks that a function starts can take turns.`,
  why: `The release throws (\`sync: unlock of unlocked mutex\`), or worse, it releases the turn of another task that has taken the lock in between, and two tasks are in the critical section.`,
  knownProblems: `As in Go, any task may unlock what another one locked, so a function that only unlocks is no mistake. Reported only where the lock was released (or made) on the very same path, or where a search of the tasks' turns has come to it, and not where a test expects the release to throw (\`expect(() => mu.unlock()).toThrow()\`).`,
  wrong: `
import { Mutex } from "@lockscope/sync";

const mu = new Mutex();
let count = 0;

export async function increment(limit: number): Promise<void> {
  await mu.lock();
  if (count >= limit) {
    mu.unlock();
  }
  count += 1;
  mu.unlock(); // released twice when the limit is reached
}
`,
  right: `
import { Mutex } from "@lockscope/sync";

const mu = new Mutex();
let count = 0;

export async function increment(limit: number): Promise<void> {
  await mu.lock();
  try {
    if (count < limit) count += 1;
  } finally {
    mu.unlock();
  }
}
`,
};
