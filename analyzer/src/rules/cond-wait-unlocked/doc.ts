import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  { name: "Go: sync.Cond.Wait", url: "https://pkg.go.dev/sync#Cond.Wait" },
];

export const doc: RuleDoc = {
  what: `Reports \`cond.wait()\` without holding \`cond.l\`, the lock that the condition was made with.`,
  why: `\`wait\` gives the lock up and takes it again. Without it, unlocking throws; and between the look at the condition and the wait a signal can be missed.`,
  knownProblems: `A helper that waits is right when its callers hold the lock: they are looked at, and where one cannot be seen the rule is silent. \`@requires\` says so in writing.`,
  wrong: `
import { Cond, Mutex } from "@lockscope/sync";

export class Mailbox {
  readonly #mu = new Mutex();
  readonly #arrived = new Cond(this.#mu);
  readonly #letters: string[] = [];

  async take(): Promise<string | undefined> {
    while (this.#letters.length === 0) await this.#arrived.wait(); // #mu is not held
    return this.#letters.shift();
  }

  put(letter: string): void {
    this.#letters.push(letter);
    this.#arrived.signal();
  }
}
`,
  right: `
import { Cond, Mutex } from "@lockscope/sync";

export class Mailbox {
  readonly #mu = new Mutex();
  readonly #arrived = new Cond(this.#mu);
  readonly #letters: string[] = [];

  async take(): Promise<string | undefined> {
    return this.#mu.withLock(async () => {
      while (this.#letters.length === 0) await this.#arrived.wait();
      return this.#letters.shift();
    });
  }

  put(letter: string): void {
    this.#letters.push(letter);
    this.#arrived.signal();
  }
}
`,
};
