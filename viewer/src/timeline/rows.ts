import type { Lane, LockState, TaskState } from "@lockscope/trace";
import { LockKind } from "@lockscope/trace";
import { formatKind } from "../model/format.js";

/** One line of the timeline: a heading, or a lane. */
export type TimelineRow = HeadingRow | LaneRow;

export interface HeadingRow {
  readonly type: "heading";
  readonly label: string;
}

export interface LaneRow {
  readonly type: "task" | "lock";
  readonly id: number;
  readonly label: string;
  /** Shown dimmed before the label. */
  readonly kind: string;
  readonly lane: Lane;
  readonly task?: TaskState;
  readonly lock?: LockState;
  /** Counts something rather than being held: a WaitGroup, a channel. */
  readonly counter: boolean;
  readonly stuck: boolean;
}

const COUNTERS: ReadonlySet<number> = new Set([
  LockKind.waitgroup,
  LockKind.channel,
  LockKind.errgroup,
  LockKind.barrier,
  LockKind.timer,
]);

/**
 * Locks first, since they are fewer and what one came to see, then tasks. Locks and tasks of which the trace
 * shows nothing have no lane unless they are all there is.
 */
export function timelineRows(
  locks: readonly LockState[],
  tasks: readonly TaskState[],
  stuck: ReadonlySet<TaskState | LockState>,
): TimelineRow[] {
  const rows: TimelineRow[] = [];
  if (locks.length > 0) rows.push({ type: "heading", label: `Locks (${locks.length})` });
  for (const lock of locks) {
    rows.push({
      type: "lock",
      id: lock.id,
      label: lock.name,
      kind: formatKind(lock.kind),
      lane: lock.lane,
      lock,
      counter: COUNTERS.has(lock.kind),
      stuck: stuck.has(lock),
    });
  }
  if (tasks.length > 0) rows.push({ type: "heading", label: `Tasks (${tasks.length})` });
  for (const task of tasks) {
    rows.push({
      type: "task",
      id: task.id,
      label: task.name,
      kind: "",
      lane: task.lane,
      task,
      counter: false,
      stuck: stuck.has(task),
    });
  }
  return rows;
}
