import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  { name: "GoBench: kubernetes-13058", url: "https://github.com/timmyyuan/gobench" },
  { name: "Go: sync.WaitGroup.Done", url: "https://pkg.go.dev/sync#WaitGroup.Done" },
];

export const doc: RuleDoc = {
  what: `Reports a \`done\` (or an \`add\` of less than nothing) for which there was no \`add\`: a second one on a path, one more than was added, one that may come before its add, one that throws in some order of the tasks' turns.`,
  why: `A counter below zero throws. Before that it may let waiters go whose tasks still run.`,
  knownProblems: `Speaks where the adds can be counted: in the function that makes the group, and for tasks counted one by one. A group that goes to code that cannot be seen is left alone.`,
  wrong: `
import { go, WaitGroup } from "@lockscope/sync";

export async function fill(urls: readonly string[], load: (url: string) => Promise<void>): Promise<void> {
  const wg = new WaitGroup();
  for (const url of urls) {
    wg.add(1);
    go(async () => {
      try {
        await load(url);
      } catch (error) {
        console.error(error);
        wg.done();
      } finally {
        wg.done(); // a second time after an error
      }
    });
  }
  await wg.wait();
}
`,
  right: `
import { go, WaitGroup } from "@lockscope/sync";

export async function fill(urls: readonly string[], load: (url: string) => Promise<void>): Promise<void> {
  const wg = new WaitGroup();
  for (const url of urls) {
    wg.add(1);
    go(async () => {
      try {
        await load(url);
      } catch (error) {
        console.error(error);
      } finally {
        wg.done();
      }
    });
  }
  await wg.wait();
}
`,
};
