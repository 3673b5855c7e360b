export * from "./compare-traces.js";
export { bucketStart, Histogram } from "./histogram.js";
export { inversions, type LockOrder, lockOrder, lockOrderOf } from "./lock-order.js";
export * from "./range-statistics.js";
