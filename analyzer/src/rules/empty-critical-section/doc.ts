import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  { name: "staticcheck: SA2001", url: "https://staticcheck.dev/docs/checks/#SA2001" },
];

export const doc: RuleDoc = {
  what: `Reports a lock that is released right after it was taken, and a \`withLock\` whose callback is empty.`,
  why: `It protects nothing. Usually the line that it was written for has moved, or \`defer\` was meant.`,
  knownProblems: `Somebody may use the pair to wait until the current holder is done. If that is meant, say so in a suppression: \`// lockscope-disable-next-line empty-critical-section -- waits for the holder\`. Silent where that is all that a callback does, and in tests, which ask in this way whether a lock can be had.`,
  wrong: `
import { Mutex } from "@lockscope/sync";

const mu = new Mutex();
let count = 0;

export async function increment(): Promise<void> {
  await mu.lock();
  mu.unlock();
  count += 1;
}
`,
  right: `
import { Mutex } from "@lockscope/sync";

const mu = new Mutex();
let count = 0;

export async function increment(): Promise<void> {
  await mu.lock();
  count += 1;
  mu.unlock();
}
`,
};
