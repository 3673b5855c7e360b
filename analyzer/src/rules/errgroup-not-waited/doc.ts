import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  { name: "Go: x/sync/errgroup", url: "https://pkg.go.dev/golang.org/x/sync/errgroup#Group.Wait" },
];

export const doc: RuleDoc = {
  what: `Reports a group that starts tasks and whose \`wait\` is never awaited.`,
  why: `The tasks' errors go nowhere, the group's context is never cancelled, and the caller goes on while they still run.`,
  knownProblems: `Silent where the group is returned, stored where others get at it, or passed on to code that cannot be seen.`,
  wrong: `
import { ErrGroup } from "@lockscope/sync/group";

export async function copyAll(names: readonly string[], copy: (name: string) => Promise<void>): Promise<void> {
  const group = new ErrGroup();
  for (const name of names) group.go(() => copy(name));
}
`,
  right: `
import { ErrGroup } from "@lockscope/sync/group";

export async function copyAll(names: readonly string[], copy: (name: string) => Promise<void>): Promise<void> {
  const group = new ErrGroup();
  for (const name of names) group.go(() => copy(name));
  await group.wait();
}
`,
};
