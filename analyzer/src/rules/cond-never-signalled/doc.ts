import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  { name: "GoBench: moby-30408", url: "https://github.com/timmyyuan/gobench" },
  { name: "Go: sync.Cond", url: "https://pkg.go.dev/sync#Cond" },
];

export const doc: RuleDoc = {
  what: `Reports a \`cond.wait()\` on a condition that nobody in the program signals.`,
  why: `A waiter looks at the condition again only when it is woken. Changing the condition without \`signal\` or \`broadcast\` leaves it where it is.`,
  knownProblems: `Silent where the condition variable leaves what can be seen: exported, passed to unknown code, a public field of an exported class; and where the wait takes a signal. A condition that is signalled somewhere, but not after the change that matters, is not found.`,
  wrong: `
import { Cond, Mutex } from "@lockscope/sync";

export class Plugin {
  readonly #mu = new Mutex();
  readonly #activated = new Cond(this.#mu);
  #active = false;

  async ready(): Promise<void> {
    await this.#mu.withLock(async () => {
      while (!this.#active) await this.#activated.wait();
    });
  }

  async activate(): Promise<void> {
    await this.#mu.withLock(() => {
      this.#active = true; // and nobody is woken
    });
  }
}
`,
  right: `
import { Cond, Mutex } from "@lockscope/sync";

export class Plugin {
  readonly #mu = new Mutex();
  readonly #activated = new Cond(this.#mu);
  #active = false;

  async ready(): Promise<void> {
    await this.#mu.withLock(async () => {
      while (!this.#active) await this.#activated.wait();
    });
  }

  async activate(): Promise<void> {
    await this.#mu.withLock(() => {
      this.#active = true;
      this.#activated.broadcast();
    });
  }
}
`,
};
