import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  { name: "p-limit: recursive calls", url: "https://github.com/sindresorhus/p-limit#readme" },
  { name: "Go: x/sync/semaphore", url: "https://pkg.go.dev/golang.org/x/sync/semaphore" },
];

export const doc: RuleDoc = {
  what: `Reports a task that holds a permit of a semaphore, or a slot of a limiter, and waits for another one of the same, directly or through the functions that it calls.`,
  why: `As many such tasks as there are permits take the first one each and wait for the second one: nobody gives one back any more. With few tasks it works, which is why it is seen under load first.`,
  knownProblems: `One task that takes all permits in a loop, to let nobody else in, is not reported. Two semaphores are different, and two instances of a class have two. A permit that is tried for, without waiting, is fine.`,
  wrong: `
import { Semaphore } from "@lockscope/sync/group";

declare function list(folder: string): Promise<string[]>;

const slots = new Semaphore(4);

export async function count(folder: string): Promise<number> {
  await slots.acquire();
  try {
    let total = 0;
    for (const child of await list(folder)) total += 1 + (await count(child));
    return total;
  } finally {
    slots.release();
  }
}
`,
  right: `
import { Semaphore } from "@lockscope/sync/group";

declare function list(folder: string): Promise<string[]>;

const slots = new Semaphore(4);

export async function count(folder: string): Promise<number> {
  const children = await slots.withPermit(() => list(folder));
  let total = 0;
  for (const child of children) total += 1 + (await count(child));
  return total;
}
`,
};
