import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  { name: "GoBench: serving-6171", url: "https://github.com/timmyyuan/gobench" },
  { name: "go.uber.org/goleak", url: "https://pkg.go.dev/go.uber.org/goleak" },
];

export const doc: RuleDoc = {
  what: `Reports a task that a test starts, itself or through what it calls, and that is still running when the test returns.`,
  why: `It goes on during the next test: what it writes, logs or throws is put down to a test that has nothing to do with it.`,
  knownProblems: `Speaks when it is sure: the test waits for nothing, or only for a time that is shorter than the task's, or the task has no end; and nothing else (a channel, a group, a returned task) can tell the test that the task is over.`,
  wrong: `
import { go, sleep } from "@lockscope/sync";

declare function it(name: string, body: () => Promise<void>): void;

it("refreshes", async () => {
  let refreshed = 0;
  go(async () => {
    await sleep(20);
    refreshed += 1;
  });
  await sleep(5);
  console.log(refreshed);
});
`,
  right: `
import { go, sleep } from "@lockscope/sync";

declare function it(name: string, body: () => Promise<void>): void;

it("refreshes", async () => {
  let refreshed = 0;
  const refresh = go(async () => {
    await sleep(20);
    refreshed += 1;
  });
  await refresh.join();
  console.log(refreshed);
});
`,
};
