/**
 * A drop-in for async-mutex 0.5 on the library's seam: what a program does with its mutexes and semaphores is
 * traced like everything else, with holders, queues and places. A program that is traced gets it for its own
 * `import "async-mutex"`; others may name it.
 *
 * ```ts
 * import { Mutex } from "@lockscope/sync/adapters/async-mutex";
 * ```
 */
export { E_ALREADY_LOCKED, E_CANCELED, E_TIMEOUT } from "./async-mutex/errors.js";
export type { MutexInterface, SemaphoreInterface } from "./async-mutex/interfaces.js";
export { Mutex } from "./async-mutex/mutex.js";
export { Semaphore } from "./async-mutex/semaphore.js";
export { tryAcquire, withTimeout } from "./async-mutex/with-timeout.js";
