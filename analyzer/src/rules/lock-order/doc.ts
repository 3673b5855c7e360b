import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  {
    name: "Infer: starvation, deadlock between two locks",
    url: "https://fbinfer.com/docs/checker-starvation",
  },
  { name: "Linux: lockdep design", url: "https://docs.kernel.org/locking/lockdep-design.html" },
  { name: "cockroach#7504", url: "https://github.com/cockroachdb/cockroach/issues/7504" },
];

export const doc: RuleDoc = {
  what: `Reports locks that are taken in opposite orders: one task holds \`a\` and waits for \`b\`, another holds \`b\` and waits for \`a\`. The whole program is looked at, through calls and callbacks, and circles of up to four locks are found. Two instances of one class count when a function takes them in the order of its arguments, as \`transfer(from, to)\` does.`,
  why: `Each task waits for what the other will not give back before it has what it waits for. It needs the right moment, so tests rarely see it.`,
  knownProblems: `A lock is known by the field, variable or collection that it lives in: two classes whose instances never meet can be reported. Silent where an outer lock is held on both ways, where both are held by readers, where one task alone runs both pieces of code, and for two instances of one class where an order shows: a comparison of the two, a sort, a parent before its child.`,
  wrong: `
import { Mutex } from "@lockscope/sync";

const accounts = new Mutex();
const audit = new Mutex();
const log: string[] = [];
let balance = 0;

export async function deposit(amount: number): Promise<void> {
  await accounts.withLock(async () => {
    balance += amount;
    await audit.withLock(() => log.push(\`deposit of \${amount}\`));
  });
}

export async function report(): Promise<string> {
  return audit.withLock(async () => {
    const total = await accounts.withLock(() => balance);
    return \`\${log.length} entries, balance \${total}\`;
  });
}
`,
  right: `
import { Mutex } from "@lockscope/sync";

const accounts = new Mutex();
const audit = new Mutex();
const log: string[] = [];
let balance = 0;

export async function deposit(amount: number): Promise<void> {
  await accounts.withLock(async () => {
    balance += amount;
    await audit.withLock(() => log.push(\`deposit of \${amount}\`));
  });
}

export async function report(): Promise<string> {
  const total = await accounts.withLock(() => balance);
  return audit.withLock(() => \`\${log.length} entries, balance \${total}\`);
}
`,
};
