import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  {
    name: "Clang: thread safety analysis, REQUIRES and EXCLUDES",
    url: "https://clang.llvm.org/docs/ThreadSafetyAnalysis.html",
  },
];

export const doc: RuleDoc = {
  what: `Reports a call of a function whose JSDoc says \`@requires mu\` where \`mu\` is not held, and of one that says \`@excludes mu\` where it is. \`mu\` is a parameter, a sibling field, a variable in scope or a path like \`this.state.mu\`, from the function's point of view; at the call it is the caller's.`,
  why: `The function relies on its callers: without the lock it changes what others are in the middle of, and with it, where it wants to take the lock itself, it waits for ever.`,
  knownProblems: `What the caller's callers hold counts, if all of them do. A constructor, and a factory that sets its object up before it returns it, need no lock. Calls through an interface or an unknown function are not followed.`,
  wrong: `
import { Mutex } from "@lockscope/sync";

export class Cache {
  readonly mu = new Mutex();
  private entries: string[] = [];

  /** @requires mu */
  private evict(): void {
    this.entries = this.entries.slice(-10);
  }

  async add(entry: string): Promise<void> {
    await this.mu.withLock(() => this.entries.push(entry));
    this.evict();
  }
}
`,
  right: `
import { Mutex } from "@lockscope/sync";

export class Cache {
  readonly mu = new Mutex();
  private entries: string[] = [];

  /** @requires mu */
  private evict(): void {
    this.entries = this.entries.slice(-10);
  }

  async add(entry: string): Promise<void> {
    await this.mu.withLock(() => {
      this.entries.push(entry);
      this.evict();
    });
  }
}
`,
};
