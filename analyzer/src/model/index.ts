import { asyncLock } from "./async-lock.js";
import { asyncMutex } from "./async-mutex.js";
import { asyncSema } from "./async-sema.js";
import { atomics } from "./atomics.js";
import { awaitLock } from "./await-lock.js";
import { awaitSemaphore } from "./await-semaphore.js";
import { lockscopeSync } from "./lockscope-sync.js";
import type { LibraryModel } from "./model.js";
import { pLimit } from "./p-limit.js";
import { rocicorpLock } from "./rocicorp-lock.js";
import { semaphoreAsyncAwait } from "./semaphore-async-await.js";
import { webLocks } from "./web-locks.js";

export type * from "./model.js";
export { methodFor, mustBeAwaited } from "./model.js";
export { createRegistry, type ModelRegistry } from "./registry.js";

/** The built-in models, in the order in which they were written. */
export const models: readonly LibraryModel[] = [
  lockscopeSync,
  asyncMutex,
  asyncSema,
  awaitSemaphore,
  asyncLock,
  pLimit,
  rocicorpLock,
  webLocks,
  atomics,
  awaitLock,
  semaphoreAsyncAwait,
];
