import { elementaryCycles } from "./cycles.js";
import type { TaskState, Wait } from "./state.js";
import {
  edgesFrom,
  groupsOf,
  type WaitEdge,
  type WaitGroup,
  type WaitNode,
  waitGraph,
} from "./wait-graph.js";

/** Tasks that wait for each other in a ring; some of them perhaps because one of the others has stopped their thread. */
export interface DeadlockCycle {
  /** Oldest wait first; each edge's `to` is the next edge's `from`, the last one's the first one's. */
  readonly edges: readonly WaitEdge[];
  /**
   * False while a task of the cycle is, or may be, several async calls side by side: then the call that holds
   * need not be the one that waits, and may still release. Certain once nothing runs any more.
   */
  readonly certain: boolean;
}

export interface DeadlockReport {
  /** Every cycle by itself, shortest first: what looks like one large deadlock is often several small ones. */
  readonly cycles: readonly DeadlockCycle[];
  /** There are more cycles among the same tasks than are listed. */
  readonly truncated: boolean;
  /** Tasks in no cycle that wait for a task in one. */
  readonly behind: readonly TaskState[];
}

/** Cycles among many tasks can be exponentially many; the first ones say enough. */
const MAX_CYCLES = 64;

/**
 * The tasks that can never go on, as far as locks and joins show it. A task that is not in the wait-for graph
 * is taken to release what it holds some day. O(tasks + edges) besides the cycles.
 * @param options.ended nothing runs any more: who waits now waits for ever, whatever for
 */
export function findDeadlocks(
  live: { readonly tasks: Iterable<TaskState> },
  options: { readonly ended?: boolean } = {},
): DeadlockReport {
  const graph = waitGraph(live.tasks);
  const stuck = options.ended ? graph : stuckNodes(graph);
  const found = elementaryCycles(stuck, MAX_CYCLES);
  const cycles = found.cycles.map((edges) => ({
    edges: fromOldestWait(edges),
    certain: options.ended === true || isCertain(edges),
  }));
  const inCycle = new Set(found.cycles.flatMap((edges) => edges.map((edge) => edge.from)));
  const behind = cycles.length === 0 ? [] : [...reaching(stuck, inCycle)];
  return { cycles, truncated: found.truncated, behind };
}

/** So that a cycle reads as it came about: who cannot run is told of after the one that has stopped his thread. */
function fromOldestWait(edges: readonly WaitEdge[]): WaitEdge[] {
  let first = edges.findIndex(({ stopped }) => !stopped);
  for (const [index, { stopped, wait }] of edges.entries()) {
    if (!stopped && wait.order < edges[first]!.wait.order) first = index;
  }
  return [...edges.slice(first), ...edges.slice(0, first)];
}

const isCertain = (edges: readonly WaitEdge[]) =>
  edges.every(({ from, wait }) => wait.blocksThread || (edges.length > 1 && !from.forked));

/** Takes away, again and again, who can go on once those outside have done their part. */
function stuckNodes(graph: Map<TaskState, WaitNode>): Map<TaskState, WaitNode> {
  const waitedForBy = new Map<TaskState, { node: WaitNode; group: WaitGroup }[]>();
  const missing = new Map<WaitGroup, number>();
  /** Those that end, sooner or later. */
  const open = new Set<WaitGroup>();
  const free: TaskState[] = [];
  const stuck = new Map(graph);
  for (const node of graph.values()) {
    for (const group of groupsOf(node)) {
      if (group.cancellable || group.edges.length === 0) open.add(group);
      missing.set(group, group.anyOf ? 1 : group.edges.length);
      for (const { to } of group.edges) {
        const waiting = waitedForBy.get(to);
        if (waiting !== undefined) waiting.push({ node, group });
        else waitedForBy.set(to, [{ node, group }]);
      }
    }
  }
  const setFreeIfOpen = ({ task, groups, thread }: WaitNode) => {
    if (!stuck.has(task) || (thread !== undefined && !open.has(thread))) return;
    if (groups.length > 0 && !groups.some((group) => open.has(group))) return;
    stuck.delete(task);
    free.push(task);
  };
  for (const task of waitedForBy.keys()) if (!graph.has(task)) free.push(task);
  for (const node of graph.values()) setFreeIfOpen(node);
  for (let task = free.pop(); task !== undefined; task = free.pop()) {
    for (const { node, group } of waitedForBy.get(task) ?? []) {
      const left = missing.get(group)! - 1;
      missing.set(group, left);
      if (left > 0 || open.has(group)) continue;
      open.add(group);
      setFreeIfOpen(node);
    }
  }
  return stuck;
}

/** The tasks outside `targets` from which one of them can be reached. */
function reaching(graph: Map<TaskState, WaitNode>, targets: ReadonlySet<TaskState>): Set<TaskState> {
  const from = new Map<TaskState, TaskState[]>();
  for (const node of graph.values()) {
    for (const { to } of edgesFrom(node)) {
      const sources = from.get(to);
      if (sources !== undefined) sources.push(node.task);
      else from.set(to, [node.task]);
    }
  }
  const found = new Set<TaskState>();
  const open = [...targets];
  for (let task = open.pop(); task !== undefined; task = open.pop()) {
    for (const source of from.get(task) ?? []) {
      if (found.has(source) || targets.has(source)) continue;
      found.add(source);
      open.push(source);
    }
  }
  return found;
}

/** A task that was left waiting when the program ended. */
export interface LeakedTask {
  readonly task: TaskState;
  readonly waits: readonly Wait[];
}

/** The tasks that still wait, in the order of their waits: those that are stuck once the program has ended. */
export function waitingTasks(live: { readonly tasks: Iterable<TaskState> }): LeakedTask[] {
  return [...live.tasks]
    .filter((task) => task.waits.size > 0)
    .map((task) => ({ task, waits: [...task.waits] }))
    .sort((a, b) => a.waits[0]!.since - b.waits[0]!.since);
}
