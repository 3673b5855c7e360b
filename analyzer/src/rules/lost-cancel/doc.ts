import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  { name: "Go vet: lostcancel", url: "https://pkg.go.dev/golang.org/x/tools/go/analysis/passes/lostcancel" },
  { name: "Go: context.WithCancel", url: "https://pkg.go.dev/context#WithCancel" },
];

export const doc: RuleDoc = {
  what: `Reports a cancel function of \`withCancel\`, \`withTimeout\` or \`withDeadline\` that is thrown away, or not called on some path to the end of the function.`,
  why: `Until it is cancelled the new context stays registered with its parent, a deadline's timer runs on, and tasks that wait for \`ctx.done\` wait for ever.`,
  knownProblems: `Silent where the cancel function is stored, returned, passed on, or called in a callback. An exception that nothing here catches does not count as a path.`,
  wrong: `
import { type Context, withTimeout } from "@lockscope/sync/context";

export async function lookUp(ctx: Context, ask: (ctx: Context) => Promise<string>, name: string): Promise<string> {
  const [limited, cancel] = withTimeout(ctx, 500);
  if (name === "") return ""; // cancel is not called
  const answer = await ask(limited);
  cancel();
  return answer;
}
`,
  right: `
import { type Context, withTimeout } from "@lockscope/sync/context";

export async function lookUp(ctx: Context, ask: (ctx: Context) => Promise<string>, name: string): Promise<string> {
  const [limited, cancel] = withTimeout(ctx, 500);
  try {
    if (name === "") return "";
    return await ask(limited);
  } finally {
    cancel();
  }
}
`,
};
