/** Go's `sync/atomic`: numbers and booleans that threads share, and any value within one thread. */
export { Bool } from "./atomic/bool.js";
export { type AtomicNumber, Int32, Int64, Uint32, Uint64 } from "./atomic/number.js";
export { Value } from "./atomic/value.js";
export type { SharedHandle } from "./shared/handle.js";
export { SyncError } from "./sync-error.js";
