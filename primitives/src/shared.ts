export { type Watchable, watchWorker } from "./shared/deaths.js";
export type { SharedHandle } from "./shared/handle.js";
export { SharedMutex } from "./shared/mutex.js";
export type { SharedOptions } from "./shared/resource.js";
