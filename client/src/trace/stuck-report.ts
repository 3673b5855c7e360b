import { basename } from "node:path";
import {
  type DeadlockCycle,
  EndReason,
  findDeadlocks,
  LockKind,
  type LockState,
  nameOf,
  type Site,
  type TaskState,
  type TraceStore,
  type Wait,
  type WaitEdge,
  waitingTasks,
} from "@lockscope/trace";

/** What to tell about tasks that can never go on. */
export interface StuckReport {
  readonly text: string;
  /** The places named in the text, each once. */
  readonly places: readonly Site[];
}

/** A message box is read in one glance; the trace view has the rest. */
const MAX_NAMED = 4;

/**
 * Says who waits for whom, if the trace so far proves that tasks are stuck: a certain cycle, or tasks that still
 * wait when nothing can run any more.
 */
export function stuckReport(store: TraceStore, program: string): StuckReport | undefined {
  const ended = store.end?.reason === EndReason.stuck;
  const { cycles, behind } = findDeadlocks(store.live, { ended });
  const cycle = cycles.find(({ certain }) => certain);
  if (cycle !== undefined) return cycleReport(store, program, cycle, cycles.length - 1, behind.length);
  return ended ? leakReport(store, program) : undefined;
}

function cycleReport(
  store: TraceStore,
  program: string,
  { edges }: DeadlockCycle,
  otherCycles: number,
  behind: number,
): StuckReport {
  const more = [
    otherCycles > 0 && `${count(otherCycles, "more cycle")}.`,
    behind > 0 && `${count(behind, "more task")} ${behind === 1 ? "waits" : "wait"} behind them.`,
  ].filter(Boolean);
  const sentence = `Deadlock in ${program}: ${listed(edges.map((edge) => edgeText(store, edge)))}.`;
  return {
    text: [sentence, ...more].join(" "),
    places: placesOf(
      store,
      edges.map(({ wait }) => wait),
    ),
  };
}

function leakReport(store: TraceStore, program: string): StuckReport | undefined {
  const stuck = waitingTasks(store.live);
  if (stuck.length === 0) return undefined;
  const waits = stuck.map(({ waits }) => waits[0]!);
  const who = listed(waits.map((wait) => waitText(store, wait)));
  return {
    text: `${program} ended with ${count(stuck.length, "task")} that can never go on: ${who}.`,
    places: placesOf(store, waits),
  };
}

function edgeText(store: TraceStore, { to, wait, hold, behind }: WaitEdge): string {
  const text = waitText(store, wait);
  if (hold !== undefined) return `${text}, which ${taskText(to)} holds`;
  return behind === undefined ? text : `${text}, behind the waiting writer ${taskText(to)}`;
}

function waitText(store: TraceStore, { task, lock, joins, site }: Wait): string {
  const what =
    joins !== undefined ? `the end of ${taskText(joins)}` : lock === undefined ? "nothing" : lockText(lock);
  const place = store.sites.get(site);
  const where = place === undefined ? "" : ` (${placeText(place)})`;
  return `${taskText(task)} waits for ${what}${where}`;
}

const kindNames: Partial<Record<keyof typeof LockKind, string>> = {
  mutex: "Mutex",
  rwmutex: "RWMutex",
  waitgroup: "WaitGroup",
  recursiveMutex: "RecursiveMutex",
  errgroup: "ErrGroup",
  unknown: "lock",
};

function lockText({ kind, name }: LockState): string {
  const known = nameOf(LockKind, kind) ?? "unknown";
  return `${kindNames[known] ?? known} "${name}"`;
}

const taskText = ({ name }: TaskState) => `"${name}"`;

/** `file.ts:12`. */
export const placeText = ({ file, line }: Site) => `${basename(file)}:${line}`;

function placesOf(store: TraceStore, waits: readonly Wait[]): Site[] {
  const places = new Map<string, Site>();
  for (const { site } of waits) {
    const place = store.sites.get(site);
    if (place !== undefined) places.set(`${place.file}:${place.line}`, place);
  }
  return [...places.values()].slice(0, MAX_NAMED);
}

function listed(parts: readonly string[]): string {
  const named = parts.slice(0, MAX_NAMED).join("; ");
  return parts.length > MAX_NAMED ? `${named}; and ${parts.length - MAX_NAMED} more` : named;
}

const count = (n: number, noun: string) => `${n} ${noun}${n === 1 ? "" : "s"}`;
