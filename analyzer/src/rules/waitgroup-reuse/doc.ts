import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  { name: "Go: sync.WaitGroup.Add", url: "https://pkg.go.dev/sync#WaitGroup.Add" },
];

export const doc: RuleDoc = {
  what: `Reports an \`add\` that begins a new round while a waiter of the round before may not have returned yet.`,
  why: `One waiter has seen the count at zero and goes on; another, woken with it, may not have run. Reused at that moment the group throws, or the late waiter waits for a round that is not its own.`,
  knownProblems: `Silent as soon as the path joins a task or waits for anything else between the wait and the add: by then the other waiter is likely to have returned.`,
  wrong: `
import { go, WaitGroup } from "@lockscope/sync";

export async function twoRounds(job: () => Promise<void>): Promise<void> {
  const wg = new WaitGroup();
  wg.go(job);
  const reporter = go(async () => {
    await wg.wait();
    console.log("first round is over");
  });
  await wg.wait();
  wg.add(1); // the reporter may not have returned
  go(async () => {
    try {
      await job();
    } finally {
      wg.done();
    }
  });
  await wg.wait();
  await reporter.join();
}
`,
  right: `
import { go, WaitGroup } from "@lockscope/sync";

export async function twoRounds(job: () => Promise<void>): Promise<void> {
  const wg = new WaitGroup();
  wg.go(job);
  const reporter = go(async () => {
    await wg.wait();
    console.log("first round is over");
  });
  await wg.wait();
  await reporter.join();
  wg.add(1);
  go(async () => {
    try {
      await job();
    } finally {
      wg.done();
    }
  });
  await wg.wait();
}
`,
};
