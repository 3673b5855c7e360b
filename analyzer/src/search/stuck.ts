import ts from "typescript";
import { enclosingFunction } from "../project/syntax.js";
import type { Terminal } from "./explore.js";
import type { Fiber, Holder, State, Step, Wait } from "./heap.js";
import { Ref, type Value } from "./values.js";

/** The first fiber: the function that was looked at. */
export const mainFiber = 0;

/** One task of a state in which nobody can go on. */
export interface StuckTask {
  readonly id: number;
  readonly name: string;
  readonly wait: Wait;
  /** Who would have to go on first, where that is one task or another. */
  readonly needs: readonly number[];
  /** Held by a task that has ended. */
  readonly abandoned: readonly Holder[];
  /** What it holds itself, with the place where it was taken and the call that leads from there to the wait. */
  readonly holds: readonly { readonly lock: Ref; readonly holder: Holder }[];
  /** From the outside in: the node at work in each function of the program that it is inside of. */
  readonly path: readonly ts.Node[];
  /** Waits in a loop: a task that is idle between two pieces of work looks like that. */
  readonly loops: boolean;
}

export interface StuckState {
  readonly state: State;
  readonly tasks: ReadonlyMap<number, StuckTask>;
  readonly mainEnded: boolean;
  readonly schedule: readonly Step[];
}

/** What is stuck on what; undefined where somebody outside the search may still help. */
export function stuckState({ state, stuck }: Terminal): StuckState | undefined {
  if (restsOnGuess(state, stuck)) return undefined;
  const main = state.fibers[mainFiber]!;
  const mainEnded = main.status === "done";
  const shared = mainEnded ? reachable(state, state.get(main.promise).b) : new Set<Ref>();
  const tasks = new Map<number, StuckTask>();
  const locks = lockTable(state, stuck);
  for (const fiber of stuck) {
    const wait = waitOf(state, fiber);
    if (wait === undefined) continue;
    if (wait.on.some((ref) => state.get(ref).escaped || shared.has(ref))) return undefined;
    tasks.set(fiber.id, describe(state, fiber, wait, locks));
  }
  if (tasks.size === 0) return undefined;
  return { state, tasks, mainEnded, schedule: scheduleOf(state.trace) };
}

/**
 * Whether the state is there only if an unknown list is empty or an unknown object missing, or if an unknown
 * condition stays false after a signal: whoever wrote the loop knows that it does not.
 */
function restsOnGuess(state: State, stuck: readonly Fiber[]): boolean {
  const guesses = [...state.assumed];
  if (guesses.some(([key, answer]) => !answer && /^(?:filled|present)\(/.test(key))) return true;
  return guesses.length > 0 && stuck.some(({ wait }) => wait && state.get(wait).wait?.kind === "cond");
}

/** The wait of the promise, or of a call that is only a name for it. */
function waitOf(state: State, fiber: Fiber): Wait | undefined {
  const promise = fiber.wait && state.get(fiber.wait);
  const site = siteOf(fiber);
  if (promise?.wait === undefined)
    return site && { kind: "other", on: fiber.wait ? [fiber.wait] : [], site, external: false };
  // The promise of a task is made where the task is; who waits for it waits here.
  return promise.wait.kind === "join" && site !== undefined ? { ...promise.wait, site } : promise.wait;
}

/** The node at work in the innermost function of the program. */
function siteOf(fiber: Fiber): ts.Node | undefined {
  const frame = [...fiber.frames].reverse().find(({ code }) => !code.internal);
  return frame?.code.instructions[Math.max(frame.pc - 1, 0)]?.node;
}

type LockTable = readonly { readonly lock: Ref; readonly holder: Holder }[];

function lockTable(state: State, stuck: readonly Fiber[]): LockTable {
  const found: { lock: Ref; holder: Holder }[] = [];
  const seen = new Set<Ref>();
  for (const fiber of stuck)
    for (const lock of (fiber.wait && state.get(fiber.wait).wait?.on) ?? []) {
      if (seen.has(lock)) continue;
      seen.add(lock);
      for (const holder of state.get(lock).holders) found.push({ lock, holder });
    }
  return found;
}

function describe(state: State, fiber: Fiber, wait: Wait, locks: LockTable): StuckTask {
  const holders = isLock(wait) ? holdersInTheWay(state, fiber, wait) : [];
  const ended = (holder: Holder) => state.fibers[holder.fiber]?.status === "done";
  const needs = [
    ...holders.filter((holder) => !ended(holder)).map((holder) => holder.fiber),
    ...joined(state, fiber, wait),
  ];
  return {
    id: fiber.id,
    name: nameOf(state, fiber),
    wait,
    needs,
    abandoned: holders.filter(ended),
    holds: locks.filter(({ holder }) => holder.fiber === fiber.id),
    path: fiber.frames
      .filter(({ code }) => !code.internal)
      .map((frame) => frame.code.instructions[Math.max(frame.pc - 1, 0)]!.node),
    loops: isInLoop(wait.site),
  };
}

export function isLock({ kind }: Wait): boolean {
  return kind === "lock" || kind === "rLock" || kind === "permit";
}

/** A reader waits for the writer, or for one who waits in line before it. */
function holdersInTheWay(state: State, fiber: Fiber, wait: Wait): Holder[] {
  const lock = state.get(wait.on[0]!);
  if (wait.kind !== "rLock") return [...lock.holders];
  const writer = lock.holders.filter(({ read }) => !read);
  if (writer.length > 0) return writer;
  const ahead: Holder[] = [];
  for (const ref of lock.more) {
    if (ref === fiber.wait) break;
    const promise = state.get(ref as Ref);
    const id = promise.c as number;
    if (promise.wait?.kind === "lock" && promise.n === 0)
      ahead.push({ fiber: id, task: id, site: promise.wait.site, read: false });
  }
  return ahead;
}

/** Whose end is waited for. */
function joined(state: State, fiber: Fiber, wait: Wait): number[] {
  if (isLock(wait)) return [];
  const awaited = fiber.wait;
  return state.fibers
    .filter(
      (other) =>
        other.status === "blocked" && other.id !== fiber.id && leadsTo(state, other.promise, awaited, 0),
    )
    .map((other) => other.id);
}

/** Whether settling one promise settles the other: by adoption, `then`, or a combinator made of those. */
function leadsTo(state: State, from: Ref, to: Ref | undefined, depth: number): boolean {
  if (from === to) return true;
  if (depth > 6) return false;
  return state.get(from).more.some((each) => {
    if (!(each instanceof Ref)) return false;
    const reaction = state.get(each);
    if (reaction.kind === "Promise") return leadsTo(state, each, to, depth + 1);
    if (leadsTo(state, reaction.c as Ref, to, depth + 1)) return true;
    return reaction.a instanceof Ref && to !== undefined && mentions(state, reaction.a, to);
  });
}

/** Whether a callback has the promise among its variables: how `Promise.all` settles its own. */
function mentions(state: State, closure: Ref, promise: Ref): boolean {
  for (let env: Value = state.get(closure).a; env instanceof Ref; env = state.get(env).a)
    if (state.get(env).list.includes(promise)) return true;
  return false;
}

function nameOf(state: State, fiber: Fiber): string {
  if (fiber.id === mainFiber) return "the function itself";
  const same = state.fibers.filter((each) => each.name === fiber.name);
  const name = fiber.name === "" ? "task" : fiber.name;
  return same.length > 1 ? `${name} (${same.findIndex(({ id }) => id === fiber.id) + 1})` : name;
}

function isInLoop(site: ts.Node): boolean {
  const home = enclosingFunction(site);
  for (let at = site; at !== home && at !== undefined; at = at.parent)
    if (ts.isIterationStatement(at, false)) return true;
  return false;
}

function reachable(state: State, from: Value): Set<Ref> {
  const found = new Set<Ref>();
  const pending = [from];
  for (let next = pending.pop(); pending.length > 0 || next !== undefined; next = pending.pop()) {
    if (!(next instanceof Ref) || found.has(next)) continue;
    found.add(next);
    const obj = state.get(next);
    pending.push(obj.a, obj.b, obj.c, ...obj.list, ...obj.more, ...(obj.props?.values() ?? []));
  }
  return found;
}

const longestSchedule = 8;

/** The last visible steps, in order. */
/** The last steps that led there, oldest first. */
export function scheduleOf(trace: Step | undefined): Step[] {
  const steps: Step[] = [];
  for (let at = trace; at !== undefined && steps.length < longestSchedule; at = at.previous)
    if (at.kind !== "sleep" && at.kind !== "other") steps.unshift(at);
  return steps;
}
