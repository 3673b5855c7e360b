import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  { name: "Go: sync.RWMutex", url: "https://pkg.go.dev/sync#RWMutex" },
];

export const doc: RuleDoc = {
  what: `Reports a read lock that is released by \`unlock()\`, and a write lock that is released by \`rUnlock()\`.`,
  why: `The two sides of an RWMutex are counted apart. The wrong release throws, and the side that was taken stays taken.`,
  knownProblems: `None known.`,
  wrong: `
import { RWMutex } from "@lockscope/sync";

const rw = new RWMutex();
const settings = new Map<string, string>();

export async function read(key: string): Promise<string | undefined> {
  await rw.rLock();
  try {
    return settings.get(key);
  } finally {
    rw.unlock(); // the read side is held
  }
}
`,
  right: `
import { RWMutex } from "@lockscope/sync";

const rw = new RWMutex();
const settings = new Map<string, string>();

export async function read(key: string): Promise<string | undefined> {
  await rw.rLock();
  try {
    return settings.get(key);
  } finally {
    rw.rUnlock();
  }
}
`,
};
