import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  { name: "The Go specification: close", url: "https://go.dev/ref/spec#Close" },
  { name: "GoBench: misuse of channels (CGO '21)", url: "https://github.com/timmyyuan/gobench" },
];

export const doc: RuleDoc = {
  what: `A send that can run when the channel is closed already: by what the code says, or because a search of the orders in which a function's tasks can take turns came to it.`,
  why: `A send on a closed channel throws, as it panics in Go, and a sender that waits is thrown out when the channel is
closed: the value is lost, and the task that nobody joins ends the process. Only the sender knows when the last value
is out, so the sender closes; several of them are waited for first.`,
  knownProblems: `It is silent where a flag or \`closed\` is asked before the send, where the error is caught, where the closing side waits
for the senders, and where the text does not tell in which order functions are called.`,
  wrong: `import { go, sleep } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

export async function sample(read: () => Promise<number>): Promise<void> {
  const values = new Channel<number>(8);
  go(async () => {
    for (;;) await values.send(await read());
  });
  await sleep(1000);
  values.close();
}
`,
  right: `import { go, sleep } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

export async function sample(read: () => Promise<number>): Promise<void> {
  const values = new Channel<number>(8);
  let enough = false;
  const reader = go(async () => {
    while (!enough) values.trySend(await read());
  });
  await sleep(1000);
  enough = true;
  await reader.join();
  values.close();
}
`,
};
