/** What the lanes show of the live state: called whenever that of a task or a lock has changed. */
import { Mode, Severity } from "./schema.js";
import { NO_HOLDER } from "./spans.js";
import type { LockState, TaskState } from "./state.js";

/** Holders and held locks looked at per row: a trace in which each of a million holds must not take for ever. */
export const MAX_LOOK = 8;

export function drawHolders(time: number, lock: LockState): void {
  let drawn = 0;
  for (const { task } of lock.holders) {
    if (++drawn > MAX_LOOK) return;
    drawTask(time, task);
  }
}

export function drawTask(time: number, task: TaskState): void {
  if (task.ended !== Number.POSITIVE_INFINITY) return;
  const wait = task.waits.oldest;
  const hold = task.holds.newest;
  // Asleep with a lock in hand: that it holds the lock is what matters to others.
  if (wait !== undefined && (hold === undefined || !isPause(wait.mode))) {
    const subject = wait.lock?.id ?? wait.joins?.id ?? 0;
    const severity = isPause(wait.mode) ? Severity.idle : Severity.wait;
    task.lane.show(time, severity, wait.mode, subject, wait.site);
    return;
  }
  if (hold === undefined) {
    task.lane.clear(time);
    return;
  }
  const severity = blocksOthers(task) ? Severity.blocking : Severity.hold;
  task.lane.show(time, severity, hold.mode, hold.lock.id, hold.site);
}

export function drawLock(time: number, lock: LockState): void {
  const waiters = lock.waiters.size;
  const holders = lock.holders.size;
  if (holders > 0) {
    const hold = lock.holders.oldest;
    const severity = waiters > 0 ? Severity.blocking : Severity.hold;
    lock.lane.show(time, severity, hold!.mode, hold!.task.id, hold!.site, holders, waiters);
  } else if (waiters > 0) {
    const wait = lock.waiters.oldest;
    const amount = Math.max(0, lock.amount);
    lock.lane.show(time, Severity.wait, NO_HOLDER, wait!.task.id, wait!.site, amount, waiters);
  } else if (lock.amount > 0) {
    lock.lane.show(time, Severity.hold, NO_HOLDER, 0, 0, lock.amount, 0);
  } else {
    lock.lane.clear(time);
  }
}

function blocksOthers(task: TaskState): boolean {
  // Nearly always there is one lock: no iterator for that.
  if (task.holds.size === 1) return task.holds.oldest!.lock.waiters.size > 0;
  let looked = 0;
  for (const { lock } of task.holds) {
    if (lock.waiters.size > 0) return true;
    if (++looked > MAX_LOOK) return false;
  }
  return false;
}

/** A wait that has nothing to do with other tasks. */
const isPause = (mode: Mode) => mode === Mode.sleep || mode === Mode.external;
