import { misuse } from "./misuse.js";
import type { Entry } from "./runtime/index.js";

/** Disposing releases, unless `release()` was called before; a second `release()` throws. */
export interface Guard extends Disposable {
  release(): void;
}

/** What is held until the guard is released or its block ends. */
export class HeldGuard implements Guard {
  #release: ((entry: Entry) => void) | null;

  constructor(release: (entry: Entry) => void) {
    this.#release = release;
  }

  release(): void {
    if (this.#release === null) throw misuse("guardReleased");
    this.#giveUp(HeldGuard.prototype.release);
  }

  [Symbol.dispose](): void {
    if (this.#release !== null) this.#giveUp(HeldGuard.prototype[Symbol.dispose]);
  }

  #giveUp(entry: Entry): void {
    const release = this.#release;
    this.#release = null;
    release?.(entry);
  }
}
