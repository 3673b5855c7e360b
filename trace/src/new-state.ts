/** A task or a lock that was heard of for the first time. */
import { Lane } from "./lane.js";
import { OrderedIndex } from "./ordered-index.js";
import { LockKind, MAIN_TASK } from "./schema.js";
import type { SpanColumns } from "./spans.js";
import type { Hold, LockState, TaskState, Wait } from "./state.js";

export function newTask(id: number, time: number, spans: SpanColumns): TaskState {
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
    lane: new Lane(spans),
  };
}

export function newLock(id: number, spans: SpanColumns): LockState {
  return {
    id,
    kind: LockKind.unknown,
    name: `lock ${id}`,
    site: 0,
    capacity: 0,
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
    lane: new Lane(spans),
  };
}

const taskOf = (of: { readonly task: TaskState }) => of.task;
const lockOf = (hold: Hold) => hold.lock;
const targetOf = (wait: Wait) => wait.lock ?? wait.joins;
