import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  {
    name: "ESLint: require-atomic-updates",
    url: "https://eslint.org/docs/latest/rules/require-atomic-updates",
  },
  {
    name: "Go: sync.Cond.Wait, why it is called in a loop",
    url: "https://pkg.go.dev/sync#Cond.Wait",
  },
];

export const doc: RuleDoc = {
  what: `Reports locks, semaphores and queues written by hand that do not do what they are for: a promise chain that is replaced instead of extended; a chain that the first rejection breaks; a busy flag that is set after an await, when others have looked at it too; a waiter that takes the lock when it is woken without looking again; waiting callers that are forgotten, their promises never settled.`,
  why: `Between two awaits nobody else runs, and across one everybody may. A flag or a promise excludes only when it is looked at and taken in one synchronous stretch. What is wrong here shows itself under load, as two tasks in one section or as callers that wait for ever.`,
  knownProblems: `Silent where the turn is handed over (the releasing side leaves the flag as it is when somebody waits), where a loop looks again, where it is asked after the wait whether there is still something to do, where a real lock is held from the look to the assignment, and for a flag that is set for good rather than given back in the same function: \`lazy-init-race\` is about those. A chain in a method that returns \`this\`, or that is called \`ready\` or \`init\`, is meant to stop at its first failure.`,
  wrong: `
export class Throttle {
  private busy = false;

  async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.busy) await new Promise((resolve) => setTimeout(resolve, 10));
    this.busy = true; // everyone who has waited is in
    try {
      return await work();
    } finally {
      this.busy = false;
    }
  }
}
`,
  right: `
export class Throttle {
  private busy = false;

  async run<T>(work: () => Promise<T>): Promise<T> {
    while (this.busy) await new Promise((resolve) => setTimeout(resolve, 10));
    this.busy = true;
    try {
      return await work();
    } finally {
      this.busy = false;
    }
  }
}
`,
};
