/** What the tables of statistics show, and how they sort. */
import type { LockStatistics, SiteStatistics, TaskStatistics } from "@lockscope/trace";
import { lockText } from "./describe.js";
import { cut, type Order, type Rows, sorted } from "./rows.js";

export type StatisticsColumn =
  | "seen"
  | "name"
  | "taken"
  | "contended"
  | "wait"
  | "longestWait"
  | "hold"
  | "longestHold"
  | "queue";

/** Of a lock, or of a task. */
export type Statistics = LockStatistics | TaskStatistics;

/** Whose they are. */
export const subjectOf = (one: Statistics) =>
  "lock" in one ? ({ type: "lock", id: one.lock.id } as const) : ({ type: "task", id: one.task.id } as const);

/** As ranked, the worst first, unless another order is asked for. */
export function statisticsRows<S extends Statistics>(
  all: readonly S[],
  { column, descending }: Order<StatisticsColumn>,
): Rows<S> {
  return cut(column === "seen" ? all : sorted(all, keys[column], descending));
}

const keys: Readonly<Record<Exclude<StatisticsColumn, "seen">, (one: Statistics) => number | string>> = {
  name: (one) => ("lock" in one ? lockText(one.lock) : one.task.name),
  taken: ({ acquisitions }) => acquisitions,
  contended: ({ contended }) => contended,
  wait: ({ waits }) => waits.total,
  longestWait: ({ waits }) => waits.max,
  hold: ({ holds }) => holds.total,
  longestHold: ({ holds }) => holds.max,
  queue: (one) => ("maxQueue" in one ? one.maxQueue : 0),
};

/** Which part of its lock's waits, else of its holds, belongs to a place; 0 to 1. */
export function siteShare(site: SiteStatistics, { waits, holds }: LockStatistics): number {
  if (waits.total > 0) return site.waits.total / waits.total;
  return holds.total > 0 ? site.holds.total / holds.total : 0;
}

/** `34 %` */
export const formatShare = (share: number): string =>
  share > 0 && share < 0.01 ? "< 1 %" : `${Math.round(share * 100)} %`;
