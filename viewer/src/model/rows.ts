/** Which rows the tables show, and in which order. */
import { type LockState, lockTypeOf, longestWait, type TaskState } from "@lockscope/trace";

export type LockColumn = "seen" | "kind" | "name" | "waiters" | "uses" | "longest";
export type TaskColumn = "seen" | "name" | "state" | "waiting";

export interface Order<C> {
  readonly column: C;
  readonly descending: boolean;
}

export interface Rows<T> {
  readonly rows: readonly T[];
  /** How many there are in all. */
  readonly total: number;
}

/** More rows than this make the page slow and help nobody; the filter brings up the others. */
export const MAX_ROWS = 300;

export function lockRows(
  locks: readonly LockState[],
  order: Order<LockColumn>,
  now: number,
): Rows<LockState> {
  const key = (lock: LockState): number | string => {
    switch (order.column) {
      case "kind":
        return lockTypeOf(lock);
      case "name":
        return lock.name;
      case "waiters":
        return lock.waiters.size;
      case "uses":
        return lock.uses;
      case "longest":
        return longestWait(lock, now);
      default:
        return 0;
    }
  };
  return cut(order.column === "seen" ? locks : sorted(locks, key, order.descending));
}

export function taskRows(tasks: readonly TaskState[], order: Order<TaskColumn>): Rows<TaskState> {
  if (order.column === "seen") {
    return { rows: unfinishedFirst(tasks, MAX_ROWS), total: tasks.length };
  }
  const key = (task: TaskState): number | string => {
    if (order.column === "name") return task.name;
    if (order.column === "state") return phaseRank[task.phase];
    return task.waits.oldest?.since ?? Number.POSITIVE_INFINITY;
  };
  return cut(sorted(tasks, key, order.descending));
}

/** The first `limit` tasks; where not all fit, those that are over make room for those that are not. */
export function unfinishedFirst(tasks: readonly TaskState[], limit: number): readonly TaskState[] {
  if (tasks.length <= limit) return tasks;
  const first: TaskState[] = [];
  const over: TaskState[] = [];
  for (const task of tasks) {
    if (first.length === limit) return first;
    if (task.ended === Number.POSITIVE_INFINITY) first.push(task);
    else if (over.length < limit) over.push(task);
  }
  return [...first, ...over].slice(0, limit);
}

const phaseRank = { waiting: 0, running: 1, panicked: 2, done: 3 } as const;

export function sorted<T>(items: readonly T[], key: (item: T) => number | string, descending: boolean): T[] {
  const sign = descending ? -1 : 1;
  return items
    .map((item) => ({ item, key: key(item) }))
    .sort((a, b) => sign * compare(a.key, b.key))
    .map(({ item }) => item);
}

function compare(a: number | string, b: number | string): number {
  if (typeof a === "string" || typeof b === "string") {
    return String(a).localeCompare(String(b), "en", { numeric: true });
  }
  return a < b ? -1 : a > b ? 1 : 0;
}

export const cut = <T>(items: readonly T[]): Rows<T> => ({
  rows: items.slice(0, MAX_ROWS),
  total: items.length,
});
