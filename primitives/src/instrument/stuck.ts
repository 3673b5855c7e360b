import {
  type DeadlockReport,
  findDeadlocks,
  LiveState,
  MAIN_TASK,
  Mode,
  type TaskState,
  type Wait,
} from "@lockscope/trace";
import type { TaskRecord } from "../runtime/identity.js";
import type { JoinWaiter } from "../runtime/task.js";
import type { LockNotes, Model, Parked } from "./model.js";
import { modeOf } from "./vocabulary.js";

/** Who can never go on, and why. */
export interface Stuck extends DeadlockReport {
  /** Everything that is parked, oldest first, whether in a cycle or not. */
  readonly waits: readonly StuckWait[];
}

export interface StuckWait {
  readonly wait: Wait;
  readonly parked: Parked;
}

/**
 * Judges the model by the trace room's own rules, so that the terminal and the trace view say the same.
 * O(parked operations and their locks); called when a program has come to a stop, or seems to.
 *
 * @param ended nothing can run any more
 */
export function findStuck(model: Model, ended: boolean): Stuck {
  const live = new LiveState();
  const records = new Map<TaskState, TaskRecord | null>();
  const taskOf = (record: TaskRecord | null): TaskState => {
    const task = live.task(record?.id ?? MAIN_TASK, 0);
    if (!records.has(task)) {
      records.set(task, record);
      if (record !== null) task.name = record.name;
    }
    return task;
  };
  const lockOf = (notes: LockNotes) => {
    const known = live.findLock(notes.id);
    if (known !== undefined) return known;
    const lock = Object.assign(live.lock(notes.id), { kind: notes.kind, name: notes.name });
    for (const { task, mode, since, site, permits } of notes.holders)
      live.acquire(since, taskOf(task), lock, mode, site, permits);
    return lock;
  };
  // All holds first: who takes a lock while he waits would look as if he ran several calls side by side.
  const all = [...model.parked].sort((a, b) => a.since - b.since);
  const subjects = all.map(({ waiter }) =>
    waiter.resource?.notes ? lockOf(waiter.resource.notes as LockNotes) : undefined,
  );
  const waits = all.map((parked, at): StuckWait => {
    const { waiter, since, site } = parked;
    const { waitFor } = waiter;
    const task = taskOf(waiter.task);
    const target = waitFor === "join" ? taskOf((waiter as unknown as JoinWaiter<unknown>).target) : undefined;
    const mode = waitFor === "select" || waitFor === "yield" ? Mode.forever : modeOf[waitFor];
    live.block(since, task, subjects[at], target, mode, site, waiter.signal !== null);
    return { wait: task.waits.newest!, parked };
  });
  for (const [task, record] of records) {
    task.forked ||= record !== null && model.forked.has(record);
    if (record !== null && (record.state === "done" || record.state === "panicked")) {
      live.endTask(0, task, record.state === "panicked");
    }
  }
  return { ...findDeadlocks(live, { ended }), waits };
}
