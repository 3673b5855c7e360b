import type { WaitOptions } from "./runtime/index.js";

/** What can be locked and unlocked. As in Go, any task may unlock what another one locked. */
export interface Locker {
  lock(options?: WaitOptions): Promise<void>;
  unlock(): void;
}
