import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  {
    name: "The Go specification: for statements with range clause",
    url: "https://go.dev/ref/spec#For_range",
  },
];

export const doc: RuleDoc = {
  what: `A \`for await\` over a channel that nobody closes, or that its producer does not close on some way out.`,
  why: `The loop ends when the channel is closed. When nobody does that, the task waits for one more value for ever, and
what stands behind the loop never runs.`,
  knownProblems: `A loop that is left by \`break\`, \`return\` or \`throw\` is taken to end there. It is silent where the channel goes
to code that is not seen.`,
  wrong: `import { go } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

export async function sum(numbers: readonly number[]): Promise<number> {
  const values = new Channel<number>();
  go(async () => {
    for (const number of numbers) await values.send(number);
  });
  let total = 0;
  for await (const value of values) total += value;
  return total;
}
`,
  right: `import { go } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

export async function sum(numbers: readonly number[]): Promise<number> {
  const values = new Channel<number>();
  go(async () => {
    for (const number of numbers) await values.send(number);
    values.close();
  });
  let total = 0;
  for await (const value of values) total += value;
  return total;
}
`,
};
