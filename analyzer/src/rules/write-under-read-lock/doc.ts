import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  { name: "Go: sync.RWMutex", url: "https://pkg.go.dev/sync#RWMutex" },
  {
    name: "Clang: thread safety analysis, shared access",
    url: "https://clang.llvm.org/docs/ThreadSafetyAnalysis.html",
  },
];

export const doc: RuleDoc = {
  what: `Reports a write of state that an RWMutex guards - by its \`@guardedBy\` comment, or because almost all accesses hold the lock and others write it under the write side - while only the read side is held. Changing an object that was taken out of a guarded container counts.`,
  why: `The read side lets any number of readers in. They see the change half made, and two such writers overwrite each other.`,
  knownProblems: `A change that is made in one go, without an \`await\`, cannot be seen half made in one thread; the next \`await\` that somebody adds makes it visible. A counter that is only ever changed under the read side is not reported without the comment.`,
  wrong: `
import { RWMutex } from "@lockscope/sync";

export class Registry {
  readonly #rw = new RWMutex();
  /** @guardedBy #rw */
  readonly #addresses = new Map<string, string>();

  async address(name: string, resolve: (name: string) => Promise<string>): Promise<string> {
    using _ = await this.#rw.acquireRead();
    const known = this.#addresses.get(name);
    if (known !== undefined) return known;
    const found = await resolve(name);
    this.#addresses.set(name, found);
    return found;
  }
}
`,
  right: `
import { RWMutex } from "@lockscope/sync";

export class Registry {
  readonly #rw = new RWMutex();
  /** @guardedBy #rw */
  readonly #addresses = new Map<string, string>();

  async address(name: string, resolve: (name: string) => Promise<string>): Promise<string> {
    const known = await this.#rw.withRLock(() => this.#addresses.get(name));
    if (known !== undefined) return known;
    const found = await resolve(name);
    await this.#rw.withLock(() => this.#addresses.set(name, found));
    return found;
  }
}
`,
};
