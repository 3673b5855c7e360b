/** Which rows the tables show, and in which order. */
import { type LockState, longestWait, type TaskState } from "@lockscope/trace";
import { lockText } from "./describe.js";
import { formatKind } from "./format.js";

export type LockColumn = "seen" | "kind" | "name" | "waiters" | "uses" | "longest";
export type TaskColumn = "seen" | "name" | "state" | "waiting";

export interface Order<C> {
  readonly column: C;
  readonly descending: boolean;
}

export interface Rows<T> {
  readonly rows: readonly T[];
  /** How many match the filter in all. */
  readonly total: number;
}

/** More rows than this make the page slow and help nobody; the filter brings up the others. */
export const MAX_ROWS = 300;

export function lockRows(
  locks: readonly LockState[],
  filter: string,
  order: Order<LockColumn>,
  now: number,
): Rows<LockState> {
  const wanted = matching(locks, filter, lockText);
  const key = (lock: LockState): number | string => {
    switch (order.column) {
      case "kind":
        return formatKind(lock.kind);
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
  return cut(order.column === "seen" ? wanted : sorted(wanted, key, order.descending));
}

export function taskRows(
  tasks: readonly TaskState[],
  filter: string,
  order: Order<TaskColumn>,
): Rows<TaskState> {
  const wanted = matching(tasks, filter, (task) => task.name);
  if (order.column === "seen") {
    return { rows: unfinishedFirst(wanted, MAX_ROWS), total: wanted.length };
  }
  const key = (task: TaskState): number | string => {
    if (order.column === "name") return task.name;
    if (order.column === "state") return phaseRank[task.phase];
    return task.waits.oldest?.since ?? Number.POSITIVE_INFINITY;
  };
  return cut(sorted(wanted, key, order.descending));
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

/** Those whose text contains the filter, in any case. */
export function matching<T>(all: readonly T[], filter: string, text: (item: T) => string): readonly T[] {
  const wanted = filter.trim().toLowerCase();
  return wanted === "" ? all : all.filter((item) => text(item).toLowerCase().includes(wanted));
}

function sorted<T>(items: readonly T[], key: (item: T) => number | string, descending: boolean): T[] {
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

const cut = <T>(items: readonly T[]): Rows<T> => ({ rows: items.slice(0, MAX_ROWS), total: items.length });
