import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  {
    name: "Go: x/sync/semaphore, Weighted.Acquire",
    url: "https://pkg.go.dev/golang.org/x/sync/semaphore#Weighted.Acquire",
  },
];

export const doc: RuleDoc = {
  what: `Reports a call that asks a semaphore for more permits at once than it was made with.`,
  why: `There will never be as many: the call waits for ever, and those behind it in the queue wait with it.`,
  knownProblems: `Speaks where both numbers are constants of the text.`,
  wrong: `
import { Semaphore } from "@lockscope/sync/group";

const memory = new Semaphore(8);

export async function decode(frame: Uint8Array): Promise<number> {
  return memory.withPermit(() => frame.length, 16);
}
`,
  right: `
import { Semaphore } from "@lockscope/sync/group";

const size = 8;
const memory = new Semaphore(size);

export async function decode(frame: Uint8Array): Promise<number> {
  return memory.withPermit(() => frame.length, Math.min(16, size));
}
`,
};
