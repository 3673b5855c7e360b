/** Puts alarms together: what is involved, and the words for it. */
import type { DeadlockCycle, DeadlockReport, LeakedTask } from "../deadlocks.js";
import { plural } from "../format.js";
import { Mode } from "../schema.js";
import type { Hold, LockState, Mark, Wait } from "../state.js";
import type { WaitEdge } from "../wait-graph.js";
import type {
  DeadlockAlarm,
  HeldAlarm,
  InversionAlarm,
  LeakAlarm,
  SelfRelockAlarm,
  StarvingAlarm,
} from "./alarm.js";
import type { Inversion, InversionStep } from "./inversions.js";
import { atMost, durationText, holdsShown, listed, lockText, taskText, type Wording } from "./wording.js";

/** Lines of one alarm on a terminal. */
const MAX_LINES = 50;

export function deadlockAlarm(
  cycle: DeadlockCycle,
  { behind }: DeadlockReport,
  words: Wording,
): DeadlockAlarm {
  const { edges } = cycle;
  const member = (edge: WaitEdge) => words.edge(edge);
  const more = behind.length === 0 ? "" : `; ${plural(behind.length, "more task")} behind them`;
  return {
    kind: "deadlock",
    time: latest(edges.map(({ wait }) => wait.since)),
    tasks: unique(edges.map(({ from }) => from)),
    locks: unique(edges.flatMap(({ wait }) => wait.lock ?? [])),
    sites: sitesOf(edges.flatMap(({ wait, hold }) => [wait.site, hold?.site ?? 0])),
    text: `Deadlock: ${listed(edges, member)}${more}`,
    lines: [
      `deadlock! These ${plural(edges.length, "task")} wait for each other for ever${more}:`,
      ...atMost(MAX_LINES, edges, member),
    ],
    detail: { cycle, behind },
  };
}

/** Undefined if it is no task that waits for what it has itself. */
export function selfRelockAlarm(
  { edges, certain }: DeadlockCycle,
  words: Wording,
): SelfRelockAlarm | undefined {
  const [edge] = edges;
  const { wait, hold, from } = edge!;
  if (edges.length > 1 || hold === undefined) return undefined;
  const doubt = certain && !from.forked ? "" : ", unless another of its calls is the one that has it";
  const text = `${words.edge(edge!)}${doubt}`;
  return {
    kind: "self-relock",
    time: wait.since,
    tasks: [from],
    locks: [hold.lock],
    sites: sitesOf([wait.site, hold.site]),
    text: `Locked twice: ${text}`,
    lines: ["a task waits for itself:", text],
    detail: { wait, hold, mark: undefined, certain },
  };
}

/** Of a task that was refused the lock. */
export function refusedAlarm(mark: Mark, lock: LockState, words: Wording): SelfRelockAlarm {
  const { task, time, site } = mark;
  const hold = lock.holders.find(task);
  const place = hold && words.place(hold.site);
  const taken = place === undefined ? "" : ` (taken at ${place})`;
  const text = `${taskText(task)} asked for ${lockText(lock)}, which it has already${taken}: it was refused`;
  return {
    kind: "self-relock",
    time,
    tasks: [task],
    locks: [lock],
    sites: sitesOf([site, hold?.site ?? 0]),
    text: `Locked twice: ${text}`,
    lines: ["a task locks again what it holds:", text],
    detail: { wait: undefined, hold, mark, certain: true },
  };
}

export function inversionAlarm(inversion: Inversion, words: Wording): InversionAlarm {
  const { steps, sameTask } = inversion;
  const member = (step: InversionStep) => stepText(step, words);
  const danger = sameTask
    ? "if two tasks do so at the same time, they may deadlock"
    : "if they do so at the same time, they may deadlock";
  return {
    kind: "order-inversion",
    time: latest(steps.map(({ witness }) => witness.time)),
    tasks: unique(steps.map(({ witness }) => witness.task)),
    locks: steps.map(({ edge }) => edge.first),
    sites: sitesOf(steps.flatMap(({ witness }) => [witness.firstSite, witness.secondSite])),
    text: `Locks in opposite orders: ${listed(steps, member)}; ${danger}`,
    lines: [`locks are taken in opposite orders; ${danger}:`, ...steps.map(member)],
    detail: { inversion },
  };
}

function stepText({ edge, witness }: InversionStep, words: Wording): string {
  const at = (site: number) => {
    const place = words.place(site);
    return place === undefined ? "" : ` (${place})`;
  };
  const how = (mode: Mode) => (mode === Mode.shared ? " for reading" : "");
  const { task, firstMode, firstSite, secondMode, secondSite } = witness;
  const first = `${lockText(edge.first)}${how(firstMode)}${at(firstSite)}`;
  return `${taskText(task)} took ${first} and then ${lockText(edge.second)}${how(secondMode)}${at(secondSite)}`;
}

export function heldAlarm(hold: Hold, until: number, over: boolean, words: Wording): HeldAlarm {
  const { task, lock, mode, site } = hold;
  const duration = until - hold.since;
  const waiters = lock.waiters.size;
  const place = words.place(site);
  const taken = place === undefined ? "" : ` (taken at ${place})`;
  const verb = over ? "had" : "has had";
  const how = mode === Mode.shared ? " for reading" : "";
  const crowd =
    waiters === 0 ? "" : `; ${plural(waiters, "task")} ${waiters === 1 ? "waits" : "wait"} for it`;
  const text = `${taskText(task)} ${verb} ${lockText(lock)}${how} for ${durationText(duration)}${taken}${crowd}`;
  return {
    kind: "held-too-long",
    time: hold.since,
    tasks: [task],
    locks: [lock],
    sites: sitesOf([site]),
    text: `Held long: ${text}`,
    lines: ["a lock is held for long:", text],
    detail: { hold, duration, over, waiters },
  };
}

export function starvingAlarm(
  wait: Wait,
  lock: LockState,
  until: number,
  over: boolean,
  words: Wording,
): StarvingAlarm {
  const { task, site, since } = wait;
  const duration = until - since;
  const hold = over ? undefined : lock.holders.oldest;
  const place = words.place(site);
  const where = place === undefined ? "" : ` (${place})`;
  const holder = hold === undefined ? "" : `, ${words.held(hold)}`;
  const verb = over ? "waited" : "has waited";
  const ahead = over ? 0 : lock.waiters.size - 1;
  const crowd = ahead === 0 ? "" : `; ${plural(ahead, "more task")} in the queue`;
  const text = `${taskText(task)} ${verb} ${durationText(duration)} for ${lockText(lock)}${where}${holder}${crowd}`;
  return {
    kind: "starving",
    time: since,
    tasks: [task],
    locks: [lock],
    sites: sitesOf([site, hold?.site ?? 0]),
    text: `Waiting long: ${text}`,
    lines: ["a task waits long for a lock:", text],
    detail: { wait, duration, over },
  };
}

/** @param leaked tasks that wait for the same at one place, at least one */
export function leakAlarm(leaked: readonly LeakedTask[], time: number, words: Wording): LeakAlarm {
  const wait = leaked[0]!.waits[0]!;
  const others = leaked.length - 1;
  const more = others === 0 ? "" : `; so ${others === 1 ? "does" : "do"} ${plural(others, "more task")}`;
  const text = `${words.waiting(wait)}${more}`;
  return {
    kind: "leaked-task",
    time,
    tasks: leaked.map(({ task }) => task),
    locks: unique(wait.group.flatMap(({ lock }) => lock ?? [])),
    sites: sitesOf([wait.site, ...holdsShown(wait).map(({ site }) => site)]),
    text: `Left waiting when the program ended: ${text}`,
    lines: [`the program has ended, and left ${plural(leaked.length, "task")} waiting for ever:`, text],
    detail: { leaked },
  };
}

const unique = <T>(things: readonly T[]): T[] => [...new Set(things)];

const sitesOf = (sites: readonly number[]) => unique(sites).filter((site) => site !== 0);

const latest = (times: readonly number[]) => times.reduce((a, b) => Math.max(a, b));
