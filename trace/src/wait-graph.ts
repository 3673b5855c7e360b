/** Who waits for whom, as far as that is known. */
import { canBeHeld } from "./live-state.js";
import { BEFORE_TRACE, LockKind, Mode } from "./schema.js";
import type { Hold, LockState, TaskState, Wait } from "./state.js";

/** `from` cannot go on before `to` does something. */
export interface WaitEdge {
  readonly from: TaskState;
  readonly to: TaskState;
  /** What `from` waits for; if it is `stopped`, the wait of `to` that stops the thread of both. */
  readonly wait: Wait;
  /** `from` cannot run, whatever else it waits for or does: `to` has stopped the thread that both are of. */
  readonly stopped: boolean;
  /**
   * What `to` has that `from` wants; `undefined` for a join, and for a reader behind a waiting writer
   * (which then is in `behind`).
   */
  readonly hold: Hold | undefined;
  readonly behind: Wait | undefined;
}

/** One thing that a task waits for, and whom that makes it depend on. */
export interface WaitGroup {
  readonly edges: readonly WaitEdge[];
  /** It goes on as soon as one of the others does (a semaphore's permits), rather than only after all. */
  readonly anyOf: boolean;
  /** It may end without any of them: by a signal, or when its time is over. */
  readonly cancellable: boolean;
}

/** A task that waits, or that cannot run though it waits for nothing itself. */
export interface WaitNode {
  readonly task: TaskState;
  /** What it waits for; several if it has forked: any of its calls may go on by itself. */
  readonly groups: readonly WaitGroup[];
  /** If its thread stands still, what that waits for: as long as it does, none of the groups helps. */
  readonly thread: WaitGroup | undefined;
}

/** Thousands of writers that wait for thousands of readers: past this, one holder has to stand for them all. */
const MAX_EDGES = 50_000;

/**
 * The tasks that wait for other tasks. Nothing says who will end the wait for a channel, a WaitGroup, a Cond,
 * a sleep, or in a select: such a group has no edges. In a thread that stands still no task can run, and each
 * waits for the one that has stopped it: those that wait themselves, and those that others of the graph wait for.
 */
export function waitGraph(tasks: Iterable<TaskState>): Map<TaskState, WaitNode> {
  const graph = new Map<TaskState, WaitNode>();
  let edges = 0;
  const firstWriter = memo((lock: LockState) => firstExclusive(lock.waiters));
  const waiting: TaskState[] = [];
  for (const task of tasks) if (task.waits.size > 0) waiting.push(task);
  const stops = threadStops(waiting);
  for (const task of waiting) {
    const groups: WaitGroup[] = [];
    const stop = stops.get(task.thread);
    let thread = threadGroup(task, stop);
    for (const wait of task.waits) {
      if (wait.group[0] !== wait) continue;
      const group: WaitGroup = {
        edges: edgesOf(wait, Math.max(1, MAX_EDGES - edges), firstWriter),
        anyOf: wait.lock?.kind === LockKind.semaphore,
        cancellable: wait.cancellable,
      };
      edges += group.edges.length;
      groups.push(group);
      if (wait === stop) thread = group;
    }
    const node: WaitNode = { task, groups, thread };
    if (groupsOf(node).some((group) => group.edges.length > 0)) graph.set(task, node);
  }
  // Whom they wait for may wait for nothing and yet not go on: a Map visits what is added meanwhile.
  for (const node of graph.values()) {
    for (const { to } of edgesFrom(node)) {
      const thread = graph.has(to) ? undefined : threadGroup(to, stops.get(to.thread));
      if (thread !== undefined) graph.set(to, { task: to, groups: [], thread });
    }
  }
  return graph;
}

/** All that a node depends on. */
export const groupsOf = ({ groups, thread }: WaitNode): readonly WaitGroup[] =>
  thread === undefined || groups.includes(thread) ? groups : [...groups, thread];

export const edgesFrom = (node: WaitNode): WaitEdge[] => groupsOf(node).flatMap((group) => group.edges);

/** By thread: the wait that has stopped it. */
function threadStops(waiting: readonly TaskState[]): Map<number, Wait> {
  const stops = new Map<number, Wait>();
  for (const { thread, waits } of waiting) {
    for (const wait of waits) {
      // A thread stops for one thing at a time: the end of an earlier such wait was lost.
      if (wait.blocksThread && wait.order >= (stops.get(thread)?.order ?? 0)) stops.set(thread, wait);
    }
  }
  return stops;
}

/**
 * What a task has ended with, somebody elsewhere may be meant to give back; and who had what was held before the
 * trace began, may be of any thread.
 */
function threadGroup(task: TaskState, stop: Wait | undefined): WaitGroup | undefined {
  if (stop === undefined || stop.task === task) return undefined;
  if (task.ended !== Number.POSITIVE_INFINITY || task.name === BEFORE_TRACE) return undefined;
  const to = stop.task;
  const edge: WaitEdge = { from: task, to, wait: stop, stopped: true, hold: undefined, behind: undefined };
  return { edges: [edge], anyOf: false, cancellable: false };
}

function edgesOf(wait: Wait, limit: number, firstWriter: (lock: LockState) => Wait | undefined): WaitEdge[] {
  const { task: from, lock, joins, mode } = wait;
  const edge = (to: TaskState, hold?: Hold, behind?: Wait): WaitEdge => ({
    from,
    to,
    wait,
    stopped: false,
    hold,
    behind,
  });
  if (joins !== undefined) return joins.ended === Number.POSITIVE_INFINITY ? [edge(joins)] : [];
  if (lock === undefined || !canBeHeld(lock.kind, mode)) return [];
  // Any of the holders could let it go on: knowing only some of them would be knowing nothing.
  if (lock.kind === LockKind.semaphore && lock.holders.size > limit) return [];
  // Holders are one writer or all readers, so the oldest speaks for the rest.
  if (mode === Mode.shared && lock.holders.oldest?.mode !== Mode.exclusive) {
    // Readers hold it and yet this reader waits: a writer came first, and readers queue behind it.
    const writer = firstWriter(lock);
    return writer !== undefined && writer.order < wait.order ? [edge(writer.task, undefined, writer)] : [];
  }
  const edges: WaitEdge[] = [];
  for (const hold of lock.holders) {
    if (edges.length >= limit) break;
    edges.push(edge(hold.task, hold));
  }
  return edges;
}

function firstExclusive(waits: Iterable<Wait>): Wait | undefined {
  for (const wait of waits) if (wait.mode === Mode.exclusive) return wait;
  return undefined;
}

function memo<K, V>(find: (key: K) => V): (key: K) => V {
  const found = new Map<K, V>();
  return (key) => {
    if (!found.has(key)) found.set(key, find(key));
    return found.get(key)!;
  };
}
