import type { LockKind } from "../schema.js";
import type { Site } from "../sites.js";
import type { LockState } from "../state.js";
import type { TraceStore } from "../store.js";

/** What became of a lock in one trace; of several that are made at one place under one name, of all of them. */
export interface LockUsage {
  readonly locks: readonly LockState[];
  /** Times taken; for a channel values sent, for a WaitGroup changes of its counter. */
  readonly uses: number;
  /** Times a task had to wait. */
  readonly contended: number;
  /** Milliseconds, as the others; what is under way at the end counts up to there. */
  readonly totalWait: number;
  readonly maxWait: number;
  readonly totalHold: number;
  readonly maxHold: number;
}

/** What can be compared of two usages. */
export type UsageFigure = Exclude<keyof LockUsage, "locks">;

export interface LockComparison {
  readonly kind: LockKind;
  readonly name: string;
  /** Where it is made, in the later trace if it is there. */
  readonly site: Site | undefined;
  /** Undefined: a new lock. */
  readonly before: LockUsage | undefined;
  /** Undefined: a lock that is gone. */
  readonly after: LockUsage | undefined;
  /** After less before; a lock that is not there counts as unused. */
  readonly change: Readonly<Record<UsageFigure, number>>;
}

export interface TraceTotals {
  /** From the first row to the last one, in milliseconds. */
  readonly duration: number;
  readonly events: number;
  readonly tasks: number;
  readonly locks: number;
}

export interface Comparison {
  readonly before: TraceTotals;
  readonly after: TraceTotals;
  /** The one whose waits have changed most first, for better or worse. */
  readonly locks: readonly LockComparison[];
}

/**
 * Sets two traces of a program side by side. A lock is the same if kind, name and place are; then, as lines move
 * and directories are others elsewhere, if kind and name are. O(locks)
 */
export function compareTraces(before: TraceStore, after: TraceStore): Comparison {
  const left = groupsOf(before);
  const right = groupsOf(after);
  const pairs = [
    ...pairedBy(left, right, ({ key }) => key),
    ...pairedBy(left, right, ({ looseKey }) => looseKey),
  ];
  const locks = [
    ...pairs.map(([old, now]) => comparison(old, now)),
    ...[...left].map((gone) => comparison(gone, undefined)),
    ...[...right].map((added) => comparison(undefined, added)),
  ];
  locks.sort((a, b) => weight(b) - weight(a) || figure(b, "uses") - figure(a, "uses"));
  return { before: totalsOf(before), after: totalsOf(after), locks };
}

/** Locks that nothing tells apart from one run to the next. */
interface Group {
  readonly key: string;
  readonly looseKey: string;
  readonly kind: LockKind;
  readonly name: string;
  readonly site: Site | undefined;
  readonly usage: LockUsage;
}

function groupsOf(store: TraceStore): Set<Group> {
  const byKey = new Map<string, LockState[]>();
  for (const lock of store.live.locks) {
    const site = store.sites.get(lock.site);
    const key = JSON.stringify([lock.kind, lock.name, site?.file, site?.line]);
    const same = byKey.get(key);
    if (same === undefined) byKey.set(key, [lock]);
    else same.push(lock);
  }
  const groups = new Set<Group>();
  for (const [key, locks] of byKey) {
    const { kind, name, site } = locks[0]!;
    const looseKey = JSON.stringify([kind, name]);
    const usage = usageOf(locks, store.endTime);
    groups.add({ key, looseKey, kind, name, site: store.sites.get(site), usage });
  }
  return groups;
}

/** Takes those that have a counterpart out of both. Of several with one key the first ones make a pair. */
function pairedBy(left: Set<Group>, right: Set<Group>, keyOf: (group: Group) => string): [Group, Group][] {
  const waiting = new Map<string, Group[]>();
  for (const group of right) {
    const same = waiting.get(keyOf(group));
    if (same === undefined) waiting.set(keyOf(group), [group]);
    else same.push(group);
  }
  const pairs: [Group, Group][] = [];
  for (const group of [...left]) {
    const counterpart = waiting.get(keyOf(group))?.shift();
    if (counterpart === undefined) continue;
    left.delete(group);
    right.delete(counterpart);
    pairs.push([group, counterpart]);
  }
  return pairs;
}

function usageOf(locks: readonly LockState[], now: number): LockUsage {
  const usage = { locks, uses: 0, contended: 0, totalWait: 0, maxWait: 0, totalHold: 0, maxHold: 0 };
  for (const lock of locks) {
    usage.uses += lock.uses;
    usage.contended += lock.contentions;
    usage.totalWait += lock.totalWait;
    usage.maxWait = Math.max(usage.maxWait, lock.maxWait);
    usage.totalHold += lock.totalHold;
    usage.maxHold = Math.max(usage.maxHold, lock.maxHold);
    for (const { since } of lock.waiters) {
      usage.totalWait += now - since;
      usage.maxWait = Math.max(usage.maxWait, now - since);
    }
    for (const { since } of lock.holders) {
      usage.totalHold += now - since;
      usage.maxHold = Math.max(usage.maxHold, now - since);
    }
  }
  return usage;
}

function comparison(old: Group | undefined, now: Group | undefined): LockComparison {
  const { kind, name, site } = (now ?? old)!;
  const [before, after] = [old?.usage, now?.usage];
  const less = (of: UsageFigure) => (after?.[of] ?? 0) - (before?.[of] ?? 0);
  const change = {
    uses: less("uses"),
    contended: less("contended"),
    totalWait: less("totalWait"),
    maxWait: less("maxWait"),
    totalHold: less("totalHold"),
    maxHold: less("maxHold"),
  };
  return { kind, name, site, before, after, change };
}

const weight = ({ change }: LockComparison) => Math.abs(change.totalWait);

const figure = ({ before, after }: LockComparison, of: UsageFigure) =>
  Math.max(before?.[of] ?? 0, after?.[of] ?? 0);

function totalsOf({ startTime, endTime, eventCount, live }: TraceStore): TraceTotals {
  const { tasks, locks } = live;
  return { duration: endTime - startTime, events: eventCount, tasks: tasks.length, locks: locks.length };
}
