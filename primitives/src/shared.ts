/**
 * The primitives between threads, over memory that they share. Make one, post its `handle` to a worker,
 * and rebuild it there with `from`. Promise forms work on any thread, by `Atomics.waitAsync`; `…Sync` forms
 * block theirs.
 */
export { SharedBarrier } from "./shared/barrier.js";
export { SharedChannel, type SharedChannelOptions } from "./shared/channel.js";
export { type Watchable, watchWorker } from "./shared/deaths.js";
export type { SharedHandle } from "./shared/handle.js";
export { SharedMutex } from "./shared/mutex.js";
export { SharedQueue, type SharedQueueOptions } from "./shared/queue.js";
export type { SharedOptions } from "./shared/resource.js";
export { SharedRWMutex } from "./shared/rwmutex.js";
export { SharedSemaphore } from "./shared/semaphore.js";
export { SharedWaitGroup } from "./shared/waitgroup.js";
export { SyncError } from "./sync-error.js";
