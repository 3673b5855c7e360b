import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  { name: "Go: package context", url: "https://pkg.go.dev/context#pkg-overview" },
];

export const doc: RuleDoc = {
  what: `Reports a function that has a Context, as a parameter or a field of its class, and waits for a channel, a condition, a group, a task or a timer without it.`,
  why: `The caller who cancels expects the function to come back. This one stays where it is.`,
  knownProblems: `Lock calls and nested functions do not count. Silent where the wait can end by the context in another way: the channel was made with it, or is closed when it is cancelled; the tasks waited for were started here and use it; the function has cancelled it itself.`,
  wrong: `
import { sleep } from "@lockscope/sync";
import type { Context } from "@lockscope/sync/context";

export async function poll(ctx: Context, ask: () => boolean): Promise<boolean> {
  while (ctx.err === undefined) {
    if (ask()) return true;
    await sleep(1000); // sleeps on when ctx is cancelled
  }
  return false;
}
`,
  right: `
import { sleep } from "@lockscope/sync";
import type { Context } from "@lockscope/sync/context";

export async function poll(ctx: Context, ask: () => boolean): Promise<boolean> {
  while (ctx.err === undefined) {
    if (ask()) return true;
    await sleep(1000, { signal: ctx.signal });
  }
  return false;
}
`,
};
