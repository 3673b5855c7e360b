/** Who waits for whom, as far as that is known. */
import { LockKind, Mode } from "./schema.js";
import type { Hold, LockState, TaskState, Wait } from "./state.js";

/** `from` cannot go on before `to` does something. */
export interface WaitEdge {
  readonly from: TaskState;
  readonly to: TaskState;
  readonly wait: Wait;
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

/** A waiting task; with several groups if it has forked, of which any may go on by itself. */
export interface WaitNode {
  readonly task: TaskState;
  readonly groups: readonly WaitGroup[];
}

/** Thousands of writers that wait for thousands of readers: past this, one holder has to stand for them all. */
const MAX_EDGES = 50_000;

/**
 * The tasks that wait for other tasks. Nothing says who will end the wait for a channel, a WaitGroup, a Cond,
 * a sleep, or in a select: such a group has no edges.
 */
export function waitGraph(tasks: Iterable<TaskState>): Map<TaskState, WaitNode> {
  const graph = new Map<TaskState, WaitNode>();
  let edges = 0;
  const firstWriter = memo((lock: LockState) => firstExclusive(lock.waiters));
  for (const task of tasks) {
    if (task.waits.size === 0) continue;
    const groups: WaitGroup[] = [];
    for (const wait of task.waits) {
      if (wait.group[0] !== wait) continue;
      const group = edgesOf(wait, Math.max(1, MAX_EDGES - edges), firstWriter);
      edges += group.length;
      const anyOf = wait.lock?.kind === LockKind.semaphore;
      groups.push({ edges: group, anyOf, cancellable: wait.cancellable });
    }
    if (groups.some((group) => group.edges.length > 0)) graph.set(task, { task, groups });
  }
  return graph;
}

export const edgesFrom = (node: WaitNode): WaitEdge[] => node.groups.flatMap((group) => group.edges);

function edgesOf(wait: Wait, limit: number, firstWriter: (lock: LockState) => Wait | undefined): WaitEdge[] {
  const { task: from, lock, joins, mode } = wait;
  const edge = (to: TaskState, hold?: Hold, behind?: Wait): WaitEdge => ({ from, to, wait, hold, behind });
  if (joins !== undefined) return joins.ended === Number.POSITIVE_INFINITY ? [edge(joins)] : [];
  if (lock === undefined || (mode !== Mode.exclusive && mode !== Mode.shared)) return [];
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
