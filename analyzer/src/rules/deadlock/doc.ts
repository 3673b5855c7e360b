import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  {
    name: "GoBench: real blocking bugs (Yuan et al., CGO 2021)",
    url: "https://github.com/timmyyuan/gobench",
  },
  {
    name: "Iterative context bounding (Musuvathi and Qadeer, PLDI 2007)",
    url: "https://doi.org/10.1145/1250734.1250785",
  },
];

export const doc: RuleDoc = {
  what: `Runs the tasks of a function against each other, in every order that the primitives allow, and reports a state in which none can go on. The related locations tell who holds what, who waits where, and the schedule that leads there.`,
  why: `Such a program works in most runs and hangs in one. Nothing throws, and nothing says which operation it hangs at.`,
  knownProblems: `Looks at functions that make their own locks, channels and tasks: a scenario, a test, a \`main\`. Where something that the search cannot see may let a task go on, it is silent; so it is beyond its bounds (a few thousand steps). Where another rule says what is wrong more precisely, this one leaves it to that. Time passes only while all tasks wait, so a timeout that is shorter than some other wait is not taken to be the longer one.`,
  wrong: `
import { go } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

export async function exchange(): Promise<void> {
  const questions = new Channel<string>();
  const answers = new Channel<string>();
  const left = go(async () => {
    await questions.send("who?");
    await answers.receive();
  });
  const right = go(async () => {
    await answers.send("me");
    await questions.receive();
  });
  await left.join();
  await right.join();
}
`,
  right: `
import { go } from "@lockscope/sync";
import { Channel } from "@lockscope/sync/channel";

export async function exchange(): Promise<void> {
  const questions = new Channel<string>();
  const answers = new Channel<string>();
  const left = go(async () => {
    await questions.send("who?");
    await answers.receive();
  });
  const right = go(async () => {
    await questions.receive();
    await answers.send("me");
  });
  await left.join();
  await right.join();
}
`,
};
