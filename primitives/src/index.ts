/**
 * Go's `sync` for TypeScript: primitives for the tasks of one thread.
 *
 * Every operation that waits returns a promise and takes a `signal`. Each primitive stands alone, in a
 * file of its own, on the seam in `runtime/`.
 */
export { Cond } from "./cond.js";
export { detectRelock } from "./detect-relock.js";
export type { Guard } from "./guard.js";
export type { Locker } from "./locker.js";
export { Mutex } from "./mutex.js";
export { Once } from "./once.js";
export { onceFunc, onceValue, onceValues } from "./oncefunc.js";
export { Pool, type PoolOptions } from "./pool.js";
export { RecursiveMutex } from "./recursive-mutex.js";
export type { Named, Task, TaskState, WaitOptions } from "./runtime/index.js";
export { RWMutex } from "./rwmutex.js";
export { SyncError } from "./sync-error.js";
export { SyncMap } from "./syncmap.js";
export { currentTask, defer, go, gosched, numTasks, sleep } from "./task.js";
export { WaitGroup } from "./waitgroup.js";
