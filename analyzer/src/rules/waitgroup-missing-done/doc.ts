import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  { name: "GoBench: cockroach-1055, moby-25384", url: "https://github.com/timmyyuan/gobench" },
  { name: "Go: sync.WaitGroup", url: "https://pkg.go.dev/sync#WaitGroup" },
];

export const doc: RuleDoc = {
  what: `Reports an \`add\` whose \`done\` is missing: nobody in the program calls it, a path through the task that was counted leaves without it, or there are more adds than dones.`,
  why: `The counter never comes back to zero: \`wait\` never returns.`,
  knownProblems: `An exception that nothing catches ends the process and does not count as a path. Silent where the group goes to code that cannot be seen, and where a number of rounds has no name.`,
  wrong: `
import { go, WaitGroup } from "@lockscope/sync";

export async function fill(urls: readonly string[], load: (url: string) => Promise<void>): Promise<void> {
  const wg = new WaitGroup();
  for (const url of urls) {
    wg.add(1);
    go(async () => {
      if (url === "") return; // without done
      await load(url);
      wg.done();
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
        if (url === "") return;
        await load(url);
      } finally {
        wg.done();
      }
    });
  }
  await wg.wait();
}
`,
};
