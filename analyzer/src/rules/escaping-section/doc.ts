import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  {
    name: "typescript-eslint: return-await, in-try-catch",
    url: "https://typescript-eslint.io/rules/return-await/",
  },
  {
    name: "typescript-eslint: no-floating-promises",
    url: "https://typescript-eslint.io/rules/no-floating-promises/",
  },
];

export const doc: RuleDoc = {
  what: `Reports a promise that is returned without \`await\` from a \`try\` whose \`finally\`, or from a block whose \`using\` guard, gives a lock back; and work started under a lock that nobody waits for, and that writes what the lock guards. A flag or counter that the function set and its \`finally\` gives up (\`this.busy = false\`) counts as a lock.`,
  why: `The \`finally\` runs when the function returns, not when the promise that it returned settles: all of the work behind its first \`await\` is done without the lock, beside the next holder.`,
  knownProblems: `Silent where the callee takes the same lock for itself: it waits its turn. Work that is dropped on purpose is reported only if it writes a field or variable that other code uses under this lock. In code without a modelled lock only functions of the same file, callbacks whose type says Promise, and a few functions of the language count as asynchronous.`,
  wrong: `
import { Mutex } from "@lockscope/sync";

declare function put(key: string, value: string): Promise<void>;

const mu = new Mutex();
let version = 0;

export async function save(value: string): Promise<void> {
  await mu.lock();
  try {
    version += 1;
    return put(\`v\${version}\`, value); // unlocked before it is written
  } finally {
    mu.unlock();
  }
}
`,
  right: `
import { Mutex } from "@lockscope/sync";

declare function put(key: string, value: string): Promise<void>;

const mu = new Mutex();
let version = 0;

export async function save(value: string): Promise<void> {
  await mu.lock();
  try {
    version += 1;
    return await put(\`v\${version}\`, value);
  } finally {
    mu.unlock();
  }
}
`,
};
