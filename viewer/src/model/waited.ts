/** For how long was waited, of each lock and each task: by that the lanes can be put in order. */
import { type LockState, Severity, type TaskState, type TraceStore } from "@lockscope/trace";
import { sorted } from "./rows.js";

interface Sum {
  /** Closed spans of the lane that are in the total. */
  spans: number;
  /** In milliseconds. */
  total: number;
}

export class Waited {
  readonly #store: TraceStore;
  readonly #tasks = new WeakMap<TaskState, Sum>();

  constructor(store: TraceStore) {
    this.#store = store;
  }

  /** Those for which tasks have waited longest in all first. O(locks · log locks + waiters) */
  locks(locks: readonly LockState[], now: number): LockState[] {
    const waited = (lock: LockState) => {
      let total = lock.totalWait;
      for (const { since } of lock.waiters) total += now - since;
      return total;
    };
    return sorted(locks, waited, true);
  }

  /** Those that have waited longest first. O(tasks · log tasks + spans since the last call) */
  tasks(tasks: readonly TaskState[], now: number): TaskState[] {
    return sorted(tasks, (task) => this.#ofTask(task, now), true);
  }

  #ofTask(task: TaskState, now: number): number {
    let sum = this.#tasks.get(task);
    if (sum === undefined) {
      sum = { spans: 0, total: 0 };
      this.#tasks.set(task, sum);
    }
    const { lane } = task;
    const { start, end, severity } = this.#store.live.spans;
    const { openSpan } = lane;
    const closed = openSpan < 0 ? lane.count : lane.count - 1;
    for (; sum.spans < closed; sum.spans++) {
      const span = lane.spanAt(sum.spans);
      if (severity[span] === Severity.wait) sum.total += end[span]! - start[span]!;
    }
    const isWaiting = openSpan >= 0 && severity[openSpan] === Severity.wait;
    return sum.total + (isWaiting ? now - start[openSpan]! : 0);
  }
}
