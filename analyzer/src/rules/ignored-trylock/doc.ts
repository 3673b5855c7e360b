import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  {
    name: "Java: Lock.tryLock",
    url: "https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/util/concurrent/locks/Lock.html#tryLock()",
  },
];

export const doc: RuleDoc = {
  what: `Reports \`tryLock()\` and \`tryRLock()\` whose answer nobody looks at.`,
  why: `They do not wait: when the answer is false, the lock is somebody else's, and the code goes on without it.`,
  knownProblems: `None known.`,
  wrong: `
import { Mutex } from "@lockscope/sync";

const mu = new Mutex();
let count = 0;

export function increment(): void {
  mu.tryLock();
  count += 1;
  mu.unlock();
}
`,
  right: `
import { Mutex } from "@lockscope/sync";

const mu = new Mutex();
let count = 0;

export function increment(): boolean {
  if (!mu.tryLock()) return false;
  count += 1;
  mu.unlock();
  return true;
}
`,
};
