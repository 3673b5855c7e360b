import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  {
    name: "Clang: thread safety analysis, GUARDED_BY",
    url: "https://clang.llvm.org/docs/ThreadSafetyAnalysis.html",
  },
  { name: "Error Prone: GuardedBy", url: "https://errorprone.info/bugpattern/GuardedBy" },
  { name: "Infer: RacerD", url: "https://fbinfer.com/docs/checker-racerd" },
];

export const doc: RuleDoc = {
  what: `Reports a read or write of a field or variable whose JSDoc says \`@guardedBy mu\`, on a path that does not hold \`mu\`. Without the comment it speaks where four or more accesses, and at least four in five of all outside constructors, hold the same lock. \`mu\` is a sibling field, a variable in scope, or a path like \`this.state.mu\`; changing what is in the container (\`push\`, \`delete\`, \`items[0] = …\`) is a write of it.`,
  why: `The others rely on the lock: between two of their steps, with an \`await\` in between, this access sees half of a change, or makes one that they do not see.`,
  knownProblems: `What a function's callers hold counts: a helper that is only called under the lock is right, with or without \`@requires\`. Constructors, the function that has just made the object, and tests may do without. Inference looks at fields that are assigned outside their declaration and constructor; a container that is only filled needs the comment. Handing on a container, or naming it (\`const items = this.items\`), is no access; what is done through that name is. Where a lock may be held under another name the rule is silent.`,
  wrong: `
import { Mutex } from "@lockscope/sync";

export class Queue {
  readonly #mu = new Mutex();
  /** @guardedBy #mu */
  readonly #jobs: string[] = [];

  async put(job: string): Promise<void> {
    await this.#mu.withLock(() => this.#jobs.push(job));
  }

  async drain(run: (job: string) => Promise<void>): Promise<void> {
    for (const job of this.#jobs) await run(job); // put() may come in between
  }
}
`,
  right: `
import { Mutex } from "@lockscope/sync";

export class Queue {
  readonly #mu = new Mutex();
  /** @guardedBy #mu */
  readonly #jobs: string[] = [];

  async put(job: string): Promise<void> {
    await this.#mu.withLock(() => this.#jobs.push(job));
  }

  async drain(run: (job: string) => Promise<void>): Promise<void> {
    const jobs = await this.#mu.withLock(() => this.#jobs.splice(0));
    for (const job of jobs) await run(job);
  }
}
`,
};
