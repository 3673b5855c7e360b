import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  {
    name: "typescript-eslint: no-floating-promises",
    url: "https://typescript-eslint.io/rules/no-floating-promises/",
  },
];

export const doc: RuleDoc = {
  what: `Reports a blocking operation whose promise is dropped: \`lock\`, \`rLock\`, \`acquire\`, \`wait\`, \`send\`, \`receive\`, \`join\`, \`select\`, \`sleep\` neither awaited, returned, stored nor passed on.`,
  why: `\`mu.lock()\` without \`await\` only asks for the lock. The code behind it runs at once, protected by nothing, and its \`unlock()\` throws or releases somebody else's turn.`,
  knownProblems: `\`.then(…)\` and \`.catch(…)\` count as taking care of the promise; \`void\` does not. \`withLock(…)\` that nobody waits for is not reported: its section is protected all the same.`,
  wrong: `
import { Mutex } from "@lockscope/sync";

const mu = new Mutex();
let count = 0;

export async function increment(): Promise<void> {
  mu.lock();
  count += 1;
  mu.unlock();
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
