import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  { name: "Go: sync.RWMutex, recursive read locking", url: "https://pkg.go.dev/sync#RWMutex" },
];

export const doc: RuleDoc = {
  what: `Reports a read lock that is taken inside a read lock of the same RWMutex, directly or through calls.`,
  why: `It works until a writer asks in between: the writer waits for the first read lock, the second read lock waits behind the writer, and neither goes on.`,
  knownProblems: `Silent for two instances, as \`reentrant-lock\`.`,
  wrong: `
import { RWMutex } from "@lockscope/sync";

const rw = new RWMutex();
const cache = new Map<string, number>();

async function get(key: string): Promise<number> {
  return rw.withRLock(() => cache.get(key) ?? 0);
}

export async function sum(keys: string[]): Promise<number> {
  return rw.withRLock(async () => {
    let total = 0;
    for (const key of keys) total += await get(key);
    return total;
  });
}
`,
  right: `
import { RWMutex } from "@lockscope/sync";

const rw = new RWMutex();
const cache = new Map<string, number>();

function getHoldingLock(key: string): number {
  return cache.get(key) ?? 0;
}

export async function sum(keys: string[]): Promise<number> {
  return rw.withRLock(() => {
    let total = 0;
    for (const key of keys) total += getHoldingLock(key);
    return total;
  });
}
`,
};
