import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  {
    name: "async-mutex: unscoped release",
    url: "https://github.com/DirtyHairy/async-mutex#unscoped-release",
  },
];

export const doc: RuleDoc = {
  what: `Reports the release of a lock by a function that never took it, where everybody who does take it gives it back himself.`,
  why: `A lock does not know who holds it. Its release lets the next one in while the holder is still at work, and the holder's own release then ends the turn of that next one.`,
  knownProblems: `Silent where a function somewhere takes the lock and leaves it held, because then somebody has to release it for that one; where the function is called by one that holds it; and where it says \`@releases\`.`,
  wrong: `
import { Mutex } from "@lockscope/sync";

declare function write(text: string): Promise<void>;

export class Log {
  readonly #mu = new Mutex();

  async append(text: string): Promise<void> {
    await this.#mu.lock();
    try {
      await write(text);
    } finally {
      this.#mu.unlock();
    }
  }

  reset(): void {
    if (this.#mu.locked) this.#mu.unlock();
  }
}
`,
  right: `
import { Mutex } from "@lockscope/sync";

declare function write(text: string, signal: AbortSignal): Promise<void>;

export class Log {
  readonly #mu = new Mutex();
  #work = new AbortController();

  async append(text: string): Promise<void> {
    await this.#mu.lock();
    try {
      await write(text, this.#work.signal);
    } finally {
      this.#mu.unlock();
    }
  }

  reset(): void {
    this.#work.abort();
    this.#work = new AbortController();
  }
}
`,
};
