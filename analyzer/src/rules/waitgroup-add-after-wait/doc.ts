import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  { name: "Go: sync.WaitGroup.Add", url: "https://pkg.go.dev/sync#WaitGroup.Add" },
];

export const doc: RuleDoc = {
  what: `Reports an \`add\` that can run after \`wait\` has begun to wait for the same round.`,
  why: `When the counter reaches zero the wait is over. An add that comes later starts a round that nobody waits for.`,
  knownProblems: `A new round after an awaited \`wait()\` is legal reuse and not reported; nor is an add while an earlier add of the same task keeps the counter above zero.`,
  wrong: `
import { go, sleep, WaitGroup } from "@lockscope/sync";

export async function run(job: () => Promise<void>): Promise<void> {
  const wg = new WaitGroup();
  const finished = wg.wait();
  await sleep(10);
  wg.add(1); // the wait is over
  go(async () => {
    try {
      await job();
    } finally {
      wg.done();
    }
  });
  await finished;
}
`,
  right: `
import { WaitGroup } from "@lockscope/sync";

export async function run(job: () => Promise<void>): Promise<void> {
  const wg = new WaitGroup();
  wg.go(job);
  await wg.wait();
}
`,
};
