import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  { name: "Go vet: waitgroup", url: "https://pkg.go.dev/golang.org/x/tools/go/analysis/passes/waitgroup" },
];

export const doc: RuleDoc = {
  what: `Reports \`add\` inside the very task that it counts.`,
  why: `The task begins some time after \`go\`; \`wait()\` may look at the counter before that, find zero, and return while the work has not begun.`,
  knownProblems: `A task that is counted already may add for tasks that it starts itself: that is right, and not reported.`,
  wrong: `
import { go, WaitGroup } from "@lockscope/sync";

export async function all(jobs: (() => Promise<void>)[]): Promise<void> {
  const wg = new WaitGroup();
  for (const job of jobs) {
    go(async () => {
      wg.add(1); // too late
      try {
        await job();
      } finally {
        wg.done();
      }
    });
  }
  await wg.wait();
}
`,
  right: `
import { WaitGroup } from "@lockscope/sync";

export async function all(jobs: (() => Promise<void>)[]): Promise<void> {
  const wg = new WaitGroup();
  for (const job of jobs) wg.go(job);
  await wg.wait();
}
`,
};
