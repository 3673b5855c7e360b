import type ts from "typescript";
import { enclosingFunction } from "../project/syntax.js";
import type { Step } from "./heap.js";
import { isInLibrary } from "./library.js";

import { isLock, mainFiber, type StuckState, type StuckTask } from "./stuck.js";

/** Whose defect it is, in the words of the catalogue. `deadlock` where no rule says it more precisely. */
export type Blame = "deadlock" | "stuck-channel" | "blocking-while-locked" | "locks" | "counter" | "other";

export interface Verdict {
  readonly blame: Blame;
  /** The operation at which the report stands. */
  readonly node: ts.Node;
  /** The tasks that are the heart of it. */
  readonly tasks: readonly StuckTask[];
  /** Every place that plays a part: another rule's finding there is about the same defect. */
  readonly places: readonly ts.Node[];
  readonly mainEnded: boolean;
  readonly schedule: readonly Step[];
}

const channelWaits = new Set(["send", "receive", "select"]);

/** What is wrong in a state in which nobody can go on: who, if they went on, would let the others go on. */
export function verdictsOf(stuck: StuckState): Verdict[] {
  const tasks = [...stuck.tasks.values()];
  const cycle = tasks.map((task) => cycleFrom(task, stuck)).find((found) => found !== undefined);
  if (cycle !== undefined) return [ofCycle(cycle, stuck)];
  const abandoned = tasks.filter((task) => task.abandoned.length > 0);
  if (abandoned.length > 0)
    return abandoned.slice(0, 1).map((task) => make("locks", task.wait.site, [task], stuck));

  const roots = tasks.filter((task) => task.needs.every((id) => !stuck.tasks.has(id)));
  // Who settles a promise of the program's own may be beyond what the search understands.
  if (roots.some(({ wait }) => wait.kind === "other")) return [];
  const locked = roots.find((root) => !isLock(root.wait) && isNeeded(root, stuck));
  if (locked !== undefined) {
    const waiting = tasks.filter((task) => task.needs.includes(locked.id) && isLock(task.wait));
    return [make("blocking-while-locked", underLock(locked), [locked, ...waiting], stuck)];
  }
  const counter = tasks.find((task) => task.wait.kind === "wait-group" && !willBeDone(task, stuck));
  if (counter !== undefined) return [make("counter", counter.wait.site, [counter], stuck)];
  return ofRoots(roots, stuck);
}

function ofRoots(roots: readonly StuckTask[], stuck: StuckState): Verdict[] {
  const strong = roots.filter(({ wait }) => wait.kind !== "wait-group" && wait.kind !== "join");
  // A worker that is idle between two jobs waits in a loop for more: alone it is no defect.
  const busy = strong.filter(
    ({ wait, loops }) => !(loops && (wait.kind === "receive" || wait.kind === "select")),
  );
  const idle = strong.filter((task) => !busy.includes(task));
  const meant = busy.length > 0 ? busy : stuck.mainEnded ? [] : idle.length > 0 ? idle : roots;
  // Who waits for a signal would have gone on to do what the others wait for.
  const unsignalled = meant.filter(({ wait }) => wait.kind === "cond");
  const channels = unsignalled.length > 0 ? [] : meant.filter(({ wait }) => channelWaits.has(wait.kind));
  const others = unsignalled.length > 0 ? unsignalled : meant.filter((task) => !channels.includes(task));
  const verdicts: Verdict[] = [];
  // Somebody waits for them: they are not what a program leaves behind when it ends.
  const waitedFor = !stuck.mainEnded || [...stuck.tasks.values()].some(({ needs }) => needs.length > 0);
  const mutual = waitedFor && new Set(channels.map(({ wait }) => wait.on[0])).size > 1;
  if (mutual) verdicts.push(make("deadlock", bySpawn(channels)[0]!.wait.site, channels, stuck));
  else for (const task of channels) verdicts.push(make("stuck-channel", task.wait.site, [task], stuck));
  for (const task of others.slice(0, 1)) verdicts.push(make("other", task.wait.site, [task], stuck));
  return verdicts;
}

function bySpawn(tasks: readonly StuckTask[]): StuckTask[] {
  return [...tasks].sort((a, b) => (a.id === mainFiber ? 1 : b.id === mainFiber ? -1 : a.id - b.id));
}

/** Tasks that wait for each other in a ring, by locks and joins. */
function cycleFrom(start: StuckTask, stuck: StuckState): StuckTask[] | undefined {
  const search = (task: StuckTask, path: StuckTask[]): StuckTask[] | undefined => {
    for (const id of task.needs) {
      if (id === start.id) return path;
      const next = stuck.tasks.get(id);
      if (next === undefined || path.includes(next)) continue;
      const found = search(next, [...path, next]);
      if (found !== undefined) return found;
    }
    return undefined;
  };
  return search(start, [start]);
}

function ofCycle(cycle: readonly StuckTask[], stuck: StuckState): Verdict {
  const waiter = bySpawn(cycle.filter(({ wait }) => !isLock(wait)))[0];
  if (waiter !== undefined) return make("blocking-while-locked", underLock(waiter), cycle, stuck);
  return make("locks", bySpawn(cycle)[0]!.wait.site, cycle, stuck);
}

/** Whether somebody waits for a lock that the task holds. */
function isNeeded(root: StuckTask, stuck: StuckState): boolean {
  return [...stuck.tasks.values()].some(
    (task) => isLock(task.wait) && isOwnLock(task, stuck) && task.needs.includes(root.id),
  );
}

/** A Once keeps others out by a lock too: its callers wait for its function, not for a lock. */
function isOwnLock(task: StuckTask, { state }: StuckState): boolean {
  return task.wait.on.every((lock) => {
    const { site } = state.get(lock);
    return site === undefined || !isInLibrary(site);
  });
}

/** The wait, or the call that leads to it from the function that took the lock, or from its section. */
function underLock(task: StuckTask): ts.Node {
  const sites = task.holds.map(({ holder }) => holder.site);
  const isUnder = (node: ts.Node) =>
    sites.some((site) =>
      isInside(node, site) ? node !== site : enclosingFunction(node) === enclosingFunction(site),
    );
  return task.path.find((node) => !sites.includes(node) && isUnder(node)) ?? task.wait.site;
}

function isInside(node: ts.Node, outer: ts.Node): boolean {
  return node.getSourceFile() === outer.getSourceFile() && node.pos >= outer.pos && node.end <= outer.end;
}

/** Whether a task that is stuck itself would be done with the group if it went on: then the group only shows it. */
function willBeDone(waiter: StuckTask, stuck: StuckState): boolean {
  const group = waiter.wait.on[0];
  return [...stuck.tasks.values()].some(
    (task) => task.id !== waiter.id && group !== undefined && callsDone(stuck.state, task.id, group),
  );
}

function callsDone(state: StuckState["state"], fiber: number, group: object): boolean {
  return (state.fibers[fiber]?.frames ?? []).some((frame) => {
    if (frame.code.internal) return frameKnows(state, frame, group);
    const node = frame.code.instructions[0]?.node;
    const home = node && enclosingFunction(frame.code.instructions[Math.max(frame.pc - 1, 0)]!.node);
    const text = home?.getText() ?? "";
    for (const [, path] of text.matchAll(/([\w$#.]+)(?:!|\?)?\.done\(/g))
      if (holds(state, frame, path!, group)) return true;
    return false;
  });
}

type Frame = StuckState["state"]["fibers"][number]["frames"][number];

function frameKnows(state: StuckState["state"], frame: Frame, group: object): boolean {
  return frame.self === group || environments(state, frame).some((env) => env.list.includes(group as never));
}

function environments(state: StuckState["state"], frame: Frame) {
  const found = [state.get(frame.env)];
  for (let at = found[0]!.a; at !== undefined && at !== null; at = state.get(at as never).a)
    found.push(state.get(at as never));
  return found;
}

/** Whether a path as written leads to the group: from `this`, or from any variable in sight. */
function holds(state: StuckState["state"], frame: Frame, path: string, group: object): boolean {
  const [root, ...steps] = path.split(".");
  const starts = root === "this" ? [frame.self] : environments(state, frame).flatMap(({ list }) => list);
  return starts.some((start) => {
    let at: unknown = start;
    for (const step of steps) {
      if (typeof at !== "object" || at === null || !("id" in at)) return false;
      at = state.get(at as never).props?.get(step);
    }
    return at === group;
  });
}

function make(blame: Blame, node: ts.Node, tasks: readonly StuckTask[], stuck: StuckState): Verdict {
  const places = [...stuck.tasks.values()].flatMap((task) => [
    task.wait.site,
    ...task.path,
    ...task.holds.map(({ holder }) => holder.site),
    ...task.abandoned.map(({ site }) => site),
  ]);
  return { blame, node, tasks, places, mainEnded: stuck.mainEnded, schedule: stuck.schedule };
}
