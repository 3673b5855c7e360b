import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  {
    name: "Go: why mutexes are not reentrant",
    url: "https://groups.google.com/g/golang-nuts/c/XqW1qcuZgKg/m/Ui3nQkeLV80J",
  },
  { name: "Infer: starvation, self-deadlock", url: "https://fbinfer.com/docs/checker-starvation" },
];

export const doc: RuleDoc = {
  what: `Reports a lock that is taken again by the task that holds it, directly or through the functions and methods it calls. For an RWMutex: write in write, write in read (an upgrade), read in write.`,
  why: `A Mutex does not know who holds it. The task waits for a release that only it could do, and everybody else waits behind it.`,
  knownProblems: `Two instances of a class have two locks: \`a.mu\` then \`b.mu\` is not reported, even if \`a\` and \`b\` can be one object. A callee that takes the lock only when an argument says so is understood where the argument is a literal. A task started with \`go\` under the lock may want it: it waits its turn.`,
  wrong: `
import { Mutex } from "@lockscope/sync";

export class Counter {
  private readonly mu = new Mutex();
  private count = 0;

  async value(): Promise<number> {
    return this.mu.withLock(() => this.count);
  }

  async report(): Promise<string> {
    return this.mu.withLock(async () => \`count: \${await this.value()}\`);
  }
}
`,
  right: `
import { Mutex } from "@lockscope/sync";

export class Counter {
  private readonly mu = new Mutex();
  private count = 0;

  async value(): Promise<number> {
    return this.mu.withLock(() => this.count);
  }

  async report(): Promise<string> {
    return \`count: \${await this.value()}\`;
  }
}
`,
};
