/** A task or a lock that was heard of for the first time. */
import type { Lane } from "./lane.js";
import { OrderedIndex } from "./ordered-index.js";
import { LockKind, MAIN_TASK } from "./schema.js";
import type { Hold, LockState, TaskState, Wait } from "./state.js";

export function newTask(id: number, time: number, lane: Lane): TaskState {
  return {
    id,
    name: id === MAIN_TASK ? "main" : `task ${id}`,
    parent: 0,
    thread: 0,
    site: 0,
    phase: "running",
    started: time,
    ended: Number.POSITIVE_INFINITY,
    waits: new OrderedIndex(targetOf),
    forked: id === MAIN_TASK,
    holds: new OrderedIndex(lockOf),
    lane,
  };
}

export function newLock(id: number, time: number, lane: Lane): LockState {
  return {
    id,
    met: time,
    kind: LockKind.unknown,
    type: "",
    name: `lock ${id}`,
    site: 0,
    capacity: 0,
    era: 0,
    holders: new OrderedIndex<TaskState, Hold>(taskOf),
    waiters: new OrderedIndex<TaskState, Wait>(taskOf),
    amount: 0,
    closed: false,
    uses: 0,
    contentions: 0,
    maxWait: 0,
    totalWait: 0,
    maxHold: 0,
    totalHold: 0,
    lane,
  };
}

/** The id of {@link otherTasks} and {@link otherLocks}. */
export const OTHERS = 0xffff_ffff;

/**
 * Stands for all tasks that are not told apart. Nothing that it has or waits for need be one task's: it runs many calls
 * side by side, in no thread that there is.
 */
export function otherTasks(time: number, lane: Lane): TaskState {
  return { ...newTask(OTHERS, time, lane), name: "all further tasks", forked: true, thread: -1 };
}

/** Stands for all locks that are not told apart: of a kind that nobody holds, since who has one has not the next. */
export function otherLocks(time: number, lane: Lane): LockState {
  return { ...newLock(OTHERS, time, lane), name: "all further locks", kind: LockKind.select };
}

const taskOf = (of: { readonly task: TaskState }) => of.task;
const lockOf = (hold: Hold) => hold.lock;
const targetOf = (wait: Wait) => wait.lock ?? wait.joins;
