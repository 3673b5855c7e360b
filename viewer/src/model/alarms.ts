/** What is said of alarms and static findings, and in which order. */
import type { Alarm, AlarmKind, LockState, StaticFinding, TraceStore } from "@lockscope/trace";
import { isInLine } from "./place-totals.js";
import type { Usage } from "./usage.js";

/** The worst first. */
const KINDS: readonly AlarmKind[] = [
  "deadlock",
  "self-relock",
  "leaked-task",
  "order-inversion",
  "starving",
  "held-too-long",
];

export const alarmTitles: Readonly<Record<AlarmKind, string>> = {
  deadlock: "Deadlock",
  "self-relock": "Locked twice",
  "leaked-task": "Left waiting",
  "order-inversion": "Opposite orders",
  starving: "Waiting long",
  "held-too-long": "Held long",
};

/** By kind, each kind by time. */
export const ranked = (alarms: readonly Alarm[]): Alarm[] =>
  [...alarms].sort((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) || a.time - b.time);

/** The part of an alarm's text that its title does not say already. */
export const alarmSentence = ({ text }: Alarm): string => text.slice(text.indexOf(": ") + 2);

/** Which findings lie in lines where a lock was made or used, and the other way round. */
export interface FindingsByLock {
  /** By the lock's id. */
  readonly ofLock: ReadonlyMap<number, readonly StaticFinding[]>;
  readonly locks: ReadonlyMap<StaticFinding, readonly LockState[]>;
}

/** O(locks · places · findings) */
export function findingsByLock(
  store: TraceStore,
  usage: Usage,
  findings: readonly StaticFinding[],
): FindingsByLock {
  const ofLock = new Map<number, StaticFinding[]>();
  const locks = new Map<StaticFinding, LockState[]>();
  for (const lock of findings.length === 0 ? [] : store.live.locks) {
    const places = [lock.site, ...usage.sitesOfLock(lock.id)].map((number) => store.sites.get(number));
    for (const finding of findings) {
      if (!places.some((place) => isInLine(place, finding.file, finding.line))) continue;
      append(ofLock, lock.id, finding);
      append(locks, finding, lock);
    }
  }
  return { ofLock, locks };
}

function append<K, V>(lists: Map<K, V[]>, key: K, value: V): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [value]);
  else list.push(value);
}
