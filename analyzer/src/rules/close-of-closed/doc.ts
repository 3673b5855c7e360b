import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  { name: "The Go specification: close", url: "https://go.dev/ref/spec#Close" },
  {
    name: "Understanding Real-World Concurrency Bugs in Go (ASPLOS '19), section 6.1.2",
    url: "https://doi.org/10.1145/3297858.3304069",
  },
];

export const doc: RuleDoc = {
  what: `A close of a channel that can be closed already: by what the code says, or because a search of the orders in which a function's tasks can take turns came to a second close.`,
  why: `Closing a closed channel throws, as it panics in Go. Usually two parties both think that it is theirs to say that it is
over: the second one fails, often while it cleans up after another error.`,
  knownProblems: `It is silent where a flag, \`closed\` or a Once keeps the second close away, where the error is caught, and where the text
does not tell whether two closes are of one channel.`,
  wrong: `import { go } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

export async function firstOf(work: readonly (() => Promise<void>)[]): Promise<void> {
  const done = new Channel<never>();
  for (const each of work) {
    go(async () => {
      await each();
      done.close();
    });
  }
  await done.receive();
}
`,
  right: `import { go, Once } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

export async function firstOf(work: readonly (() => Promise<void>)[]): Promise<void> {
  const done = new Channel<never>();
  const once = new Once();
  for (const each of work) {
    go(async () => {
      await each();
      await once.do(() => done.close());
    });
  }
  await done.receive();
}
`,
};
