import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  {
    name: "ESLint: require-atomic-updates",
    url: "https://eslint.org/docs/latest/rules/require-atomic-updates",
  },
  {
    name: "CWE-362: Concurrent execution using shared resource with improper synchronization",
    url: "https://cwe.mitre.org/data/definitions/362.html",
  },
];

export const doc: RuleDoc = {
  what: `Reports a write of shared state (a field, a variable of the module, a captured variable, what a Map holds under a key) whose value was computed from a read before an \`await\`, with no lock over both.`,
  why: `Other tasks run during the await. What they wrote to the same place meanwhile is overwritten with a value that knows nothing of it: counts are too low, entries of a list are missing, a nonce is used twice. \`x += await f()\` is such a write too: x is read before the await.`,
  knownProblems: `A file is looked at on its own: functions of it are followed into, those of other files are not. Silent where something keeps other tasks out: a lock or a queue (by the library's model, or by a name such as \`runExclusive\` or \`enqueue\`), a flag that is looked at and set before the first await, a chain that each call extends; where the state is read again behind the await; for local variables, parameters and objects that only this call sees; in constructors, generators, tests, and functions that only the top level of a module calls. An object that in truth only one task at a time uses is reported all the same.`,
  wrong: `
declare function fee(): Promise<number>;

export class Account {
  balance = 0;

  async charge(amount: number): Promise<void> {
    const before = this.balance;
    const extra = await fee();
    this.balance = before - amount - extra;
  }
}
`,
  right: `
declare function fee(): Promise<number>;

export class Account {
  balance = 0;

  async charge(amount: number): Promise<void> {
    const extra = await fee();
    this.balance -= amount + extra;
  }
}
`,
};
