/** A program of several files: classes, interfaces, callbacks kept in a set, two orders of two locks. */
export const shelves: Readonly<Record<string, string>> = {
  "base.ts": `import { Mutex, RWMutex } from "@lockscope/sync";
export interface Shelf { take(): Promise<void>; give(): void }
export abstract class Base implements Shelf {
  readonly mu = new Mutex();
  protected readonly rw = new RWMutex();
  protected count = 0;
  async take() { await this.mu.lock(); }
  give() { this.mu.unlock(); }
  async run(fn: () => Promise<void>) {
    await this.mu.lock();
    try { await fn(); } finally { this.mu.unlock(); }
  }
  abstract work(): Promise<void>;
}
`,
  "derived.ts": `import { Base } from "./base.js";
export class One extends Base {
  async work() {
    await this.run(async () => { this.count += 1; });
  }
  async twice() { await this.take(); await this.work(); this.give(); }
}
export class Two extends Base {
  private total = 0;
  async work() {
    await this.rw.rLock();
    this.total += 1;
    this.rw.rUnlock();
  }
  async both(other: One) { await this.mu.lock(); await other.mu.lock(); other.mu.unlock(); this.mu.unlock(); }
}
`,
  "use.ts": `import { One, Two } from "./derived.js";
import type { Shelf } from "./base.js";
const one = new One();
const two = new Two();
const hooks = new Set<() => Promise<void>>();
export function on(hook: () => Promise<void>) { hooks.add(hook); }
on(() => one.work());
export async function all() {
  await one.take();
  for (const hook of hooks) await hook();
  one.give();
}
export async function shelf(s: Shelf) { await s.take(); s.give(); }
export async function cross() { await one.mu.lock(); await two.both(one); one.mu.unlock(); }
export async function other() { await two.mu.lock(); await one.mu.lock(); one.mu.unlock(); two.mu.unlock(); }
`,
};
