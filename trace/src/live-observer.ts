import type { Mode } from "./schema.js";
import type { Hold, LockState, TaskState, Wait } from "./state.js";

/**
 * Told of what begins and ends in a live state, one row at a time and in the order of the rows. The state has
 * changed already when it is told of a beginning, and of an end. Must not change it itself.
 */
export interface LiveObserver {
  /**
   * `task` has `lock` now (once more, if it had it before).
   * @param tried it would not have waited for it
   */
  acquired(time: number, task: TaskState, lock: LockState, mode: Mode, site: number, tried: boolean): void;
  /** Nobody has that hold any more. */
  released(time: number, hold: Hold): void;
  blocked(time: number, wait: Wait): void;
  /** The wait is over, whatever came of it; of a select, each case is told of. */
  unblocked(time: number, wait: Wait): void;
}
