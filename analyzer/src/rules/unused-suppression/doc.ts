import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  {
    name: "ESLint: --report-unused-disable-directives",
    url: "https://eslint.org/docs/latest/use/configure/rules#report-unused-eslint-disable-comments",
  },
];

export const doc: RuleDoc = {
  what: `Reports a \`// lockscope-disable-next-line rule-id\` comment below which that rule finds nothing.`,
  why: `The defect it excused is gone, or was never there. Left behind, the comment hides the next one.`,
  knownProblems: `None known.`,
  wrong: `
import { Mutex } from "@lockscope/sync";

const mu = new Mutex();

export async function touch(): Promise<void> {
  // lockscope-disable-next-line missing-unlock -- released by the caller
  await mu.lock();
  mu.unlock();
}
`,
  right: `
import { Mutex } from "@lockscope/sync";

const mu = new Mutex();
let touched = 0;

export async function touch(): Promise<void> {
  await mu.lock();
  touched += 1;
  mu.unlock();
}
`,
};
