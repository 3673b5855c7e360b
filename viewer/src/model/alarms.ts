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

/** The locks that were made or used in the line of each finding. O(locks · places · findings). */
export function locksOfFindings(
  store: TraceStore,
  usage: Usage,
  findings: readonly StaticFinding[],
): ReadonlyMap<StaticFinding, readonly LockState[]> {
  const found = new Map<StaticFinding, LockState[]>(findings.map((finding) => [finding, []]));
  for (const lock of store.live.locks) {
    const places = [lock.site, ...usage.sitesOfLock(lock.id)].map((number) => store.sites.get(number));
    for (const finding of findings) {
      if (places.some((place) => isInLine(place, finding.file, finding.line))) found.get(finding)!.push(lock);
    }
  }
  return found;
}
