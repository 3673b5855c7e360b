export * from "./alarm.js";
export type { Inversion, InversionStep } from "./inversions.js";
export type { OrderEdge, OrderWitness } from "./order-graph.js";
export { OrderWatch } from "./order-watch.js";
export { Watch, type WatchSource } from "./watch.js";
export {
  atMost,
  durationText,
  lockText,
  lockTypeOf,
  lockTypeText,
  placeText,
  taskText,
  Wording,
} from "./wording.js";
