import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  {
    name: "Error Prone: GuardedByChecker, invalid annotations",
    url: "https://errorprone.info/bugpattern/GuardedBy",
  },
];

export const doc: RuleDoc = {
  what: `Reports a \`@guardedBy\`, \`@acquires\`, \`@releases\`, \`@requires\` or \`@excludes\` whose name stands for nothing here or for something that is no lock, one at the wrong kind of declaration, and an \`@acquires\` or \`@releases\` of a function that does not do it on any way out.`,
  why: `An annotation that is not understood is not checked: the field it should guard is unguarded, and nobody says so.`,
  knownProblems: `JSDoc's own \`@requires\` names a module: such a tag is only checked where its name looks like a lock's. A tag in the middle of a line counts if it means something, and is passed over if not.`,
  wrong: `
import { Mutex } from "@lockscope/sync";

export class Account {
  readonly #mu = new Mutex();
  /** @guardedBy mutex */
  #balance = 0;

  async deposit(amount: number): Promise<void> {
    await this.#mu.withLock(() => {
      this.#balance += amount;
    });
  }
}
`,
  right: `
import { Mutex } from "@lockscope/sync";

export class Account {
  readonly #mu = new Mutex();
  /** @guardedBy #mu */
  #balance = 0;

  async deposit(amount: number): Promise<void> {
    await this.#mu.withLock(() => {
      this.#balance += amount;
    });
  }
}
`,
};
