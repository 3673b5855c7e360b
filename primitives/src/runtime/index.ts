/**
 * The seam under every primitive: the only place where a task parks, wakes, begins or sleeps.
 *
 * A primitive keeps its own state and its queues of {@link Waiter}s and calls `park` and `ready`; it
 * reports what went through at once by `instrument.event`. Tracing, deadlock detection, virtual time
 * and the exploration of schedules plug in as an {@link Instrument}; with nothing plugged in, each
 * operation pays one null check.
 */
export { choose, now, startAlarm } from "./clock.js";
export { granted } from "./granted.js";
export { type Alarm, type Entry, type Instrument, instrument } from "./hooks.js";
export {
  enableIdentity,
  identify,
  identifyForGood,
  type TaskRecord,
  type TaskState,
} from "./identity.js";
export { leaveQueue, type QueueNode, WaitQueue } from "./queue.js";
export { plugIn, registry } from "./registry.js";
export { Grip, Relocks } from "./relock.js";
export { type Named, Resource, type WaitOptions } from "./resource.js";
export { isThenable, runThen } from "./run-then.js";
export { isInside, runInside } from "./scope.js";
export { sleepFor, yieldTurn } from "./sleep.js";
export { spawn, type Task } from "./task.js";
export { block, cancel, fail, park, parkUntilReady, ready, Waiter, type Woken } from "./waiter.js";
