import type { RuleDoc, RuleSource } from "../rule.js";

export const sources: readonly RuleSource[] = [
  {
    name: "Effective Java: never cede control to the client within a synchronized region",
    url: "https://www.oreilly.com/library/view/effective-java/9780134686097/",
  },
  {
    name: "CERT: LCK and CON rules on calling alien methods",
    url: "https://wiki.sei.cmu.edu/confluence/display/java/Rule+09.+Locking+%28LCK%29",
  },
];

export const doc: RuleDoc = {
  what: `Reports a call of a function that came from outside (a parameter, a stored listener, \`options.onChange\`, an emitter that waits for its listeners) that is waited for under a lock, where the public side of the same object or module takes that lock.`,
  why: `Whoever wrote the function does not know of the lock. As soon as it calls back - to read the value that it was told of, say - it waits for a lock that its own caller holds.`,
  knownProblems: `Silent for a callback that nobody waits for: it waits its turn. Silent for functions whose purpose is to run the caller's function under the lock (\`runExclusive(fn)\`), and where a caller in the program passes a function that can be read: \`reentrant-lock\` speaks at that call when it comes back. Services that were injected are not taken for callbacks.`,
  wrong: `
import { Mutex } from "@lockscope/sync";

type Listener = (value: number) => Promise<void>;

export class Setting {
  private readonly mu = new Mutex();
  private readonly listeners: Listener[] = [];
  private value = 0;

  subscribe(listener: Listener): void {
    this.listeners.push(listener);
  }

  async set(value: number): Promise<void> {
    await this.mu.lock();
    try {
      this.value = value;
      for (const listener of this.listeners) await listener(value);
    } finally {
      this.mu.unlock();
    }
  }
}
`,
  right: `
import { Mutex } from "@lockscope/sync";

type Listener = (value: number) => Promise<void>;

export class Setting {
  private readonly mu = new Mutex();
  private readonly listeners: Listener[] = [];
  private value = 0;

  subscribe(listener: Listener): void {
    this.listeners.push(listener);
  }

  async set(value: number): Promise<void> {
    await this.mu.lock();
    try {
      this.value = value;
    } finally {
      this.mu.unlock();
    }
    for (const listener of this.listeners) await listener(value);
  }
}
`,
};
