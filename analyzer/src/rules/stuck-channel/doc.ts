import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  {
    name: "GoBench: communication deadlocks (CGO '21)",
    url: "https://github.com/timmyyuan/gobench",
  },
  {
    name: "Understanding Real-World Concurrency Bugs in Go (ASPLOS '19), section 5.1.2",
    url: "https://doi.org/10.1145/3297858.3304069",
  },
];

export const doc: RuleDoc = {
  what: `A send or a receive whose counterpart is missing, or can be gone by the time it is needed: the receiver has left on
a timeout, a cancellation or an error, the loop around it has ended early, the sender returns without sending, or what
would end the wait stands behind the wait itself.`,
  why: `An unbuffered send waits until somebody receives; a receive waits until somebody sends or closes. When nobody is
left, the task waits for ever: it is never collected, and neither is what it holds. Whoever joins it waits as well.`,
  knownProblems: `Channels are told apart by where they are made: all instances of a class share the channels of its fields.
It is silent where a channel goes to code that is not seen, where the other side offers a way out (\`select\` with
\`ctx.done\` or \`otherwise\`), where the channel has room, and where the other side is known to be waited for first.
How often loops run is compared only when the bounds are constants.`,
  wrong: `import { go } from "@lockscope/sync";
import { after, Channel, onReceive, select } from "@lockscope/sync/channel";

export async function fetchOrGiveUp(load: () => Promise<string>): Promise<string> {
  const result = new Channel<string>();
  go(async () => {
    await result.send(await load());
  });
  return select(
    onReceive(result, (value) => value ?? ""),
    onReceive(after(1000), () => "timed out"),
  );
}
`,
  right: `import { go } from "@lockscope/sync";
import { after, Channel, onReceive, select } from "@lockscope/sync/channel";

export async function fetchOrGiveUp(load: () => Promise<string>): Promise<string> {
  const result = new Channel<string>(1);
  go(async () => {
    await result.send(await load());
  });
  return select(
    onReceive(result, (value) => value ?? ""),
    onReceive(after(1000), () => "timed out"),
  );
}
`,
};
