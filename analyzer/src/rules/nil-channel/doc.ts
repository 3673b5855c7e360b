import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  { name: "The Go specification: channel types", url: "https://go.dev/ref/spec#Channel_types" },
];

export const doc: RuleDoc = {
  what: `A send, a receive, a close or a loop on a channel that is surely nil.`,
  why: `Sending to a nil channel and receiving from it wait for ever; closing it throws. A nil channel is of use in a
\`select\`, where it switches a case off; everywhere else it is a channel that was forgotten.`,
  knownProblems: `It speaks only where every value that can get there is nil, or where every path to the operation assigned nil last.
Cases of a \`select\` are not looked at.`,
  wrong: `import { Channel } from "@lockscope/sync/channel";

export async function publish(value: number): Promise<void> {
  const out = Channel.nil<number>();
  await out.send(value);
}
`,
  right: `import { Channel, onReceive, select } from "@lockscope/sync/channel";

export async function merge(left: Channel<number>, right: Channel<number>): Promise<number> {
  let sum = 0;
  let [first, second] = [left, right];
  for (let open = 2; open > 0; ) {
    await select(
      onReceive(first, (value, ok) => {
        if (ok) sum += value ?? 0;
        else {
          first = Channel.nil();
          open--;
        }
      }),
      onReceive(second, (value, ok) => {
        if (ok) sum += value ?? 0;
        else {
          second = Channel.nil();
          open--;
        }
      }),
    );
  }
  return sum;
}
`,
};
