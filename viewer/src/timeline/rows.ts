import type { Lane, LockState, TaskState } from "@lockscope/trace";
import { LockKind, lockTypeOf } from "@lockscope/trace";
import { formatCount } from "../model/format.js";
import { unfinishedFirst } from "../model/rows.js";
import type { Lifetime } from "./lane-ranks.js";
import type { LaneMode } from "./view.js";

/** One line of the timeline: a heading, or a lane. */
export type TimelineRow = HeadingRow | LaneRow;

export interface HeadingRow {
  readonly type: "heading";
  readonly of: LaneRow["type"];
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
  /** A task's. */
  readonly lifetime: Lifetime | undefined;
}

const COUNTERS: ReadonlySet<number> = new Set([
  LockKind.waitgroup,
  LockKind.channel,
  LockKind.errgroup,
  LockKind.barrier,
  LockKind.timer,
]);

/** More lanes than this nobody scrolls through; the filter brings up the others. */
const MAX_LANES = 2000;

/** Locks first, since they are fewer and what one came to see, then tasks. */
export function timelineRows(
  locks: readonly LockState[],
  tasks: readonly TaskState[],
  stuck: ReadonlySet<TaskState | LockState>,
): TimelineRow[] {
  return [...lockRows(locks, stuck), ...taskRows(tasks, stuck)];
}

/** Those rows that the mode shows. */
export function rowsOf(rows: readonly TimelineRow[], mode: LaneMode): readonly TimelineRow[] {
  if (mode === "both") return rows;
  const type = mode === "locks" ? "lock" : "task";
  return rows.filter((row) => (row.type === "heading" ? row.of : row.type) === type);
}

function lockRows(locks: readonly LockState[], stuck: ReadonlySet<TaskState | LockState>): TimelineRow[] {
  const rows: TimelineRow[] = [];
  const shownLocks = locks.slice(0, MAX_LANES);
  if (locks.length > 0)
    rows.push({ type: "heading", of: "lock", label: heading("Locks", shownLocks, locks) });
  for (const lock of shownLocks) {
    rows.push({
      type: "lock",
      id: lock.id,
      label: lock.name,
      kind: lockTypeOf(lock),
      lane: lock.lane,
      lock,
      counter: COUNTERS.has(lock.kind),
      stuck: stuck.has(lock),
      lifetime: undefined,
    });
  }
  return rows;
}

function taskRows(tasks: readonly TaskState[], stuck: ReadonlySet<TaskState | LockState>): TimelineRow[] {
  const rows: TimelineRow[] = [];
  const shownTasks = unfinishedFirst(tasks, MAX_LANES);
  if (tasks.length > 0)
    rows.push({ type: "heading", of: "task", label: heading("Tasks", shownTasks, tasks) });
  for (const task of shownTasks) {
    rows.push({
      type: "task",
      id: task.id,
      label: task.name,
      kind: "",
      lane: task.lane,
      task,
      counter: false,
      stuck: stuck.has(task),
      lifetime: { from: task.started, to: task.ended },
    });
  }
  return rows;
}

function heading(what: string, shown: readonly unknown[], all: readonly unknown[]): string {
  const count = formatCount(shown.length);
  return shown.length === all.length
    ? `${what} (${count})`
    : `${what} (${count} of ${formatCount(all.length)})`;
}
