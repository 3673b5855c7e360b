/** Many tasks at one thing: Go's `x/sync` (`semaphore`, `singleflight`, `errgroup`), and a cyclic barrier. */
export { BrokenBarrierError, CyclicBarrier } from "./group/cyclic-barrier.js";
export { ErrGroup } from "./group/errgroup.js";
export { Semaphore } from "./group/semaphore.js";
export { type Shared, type SharedResult, SingleFlight } from "./group/singleflight.js";
