import type { LiveState } from "../live-state.js";
import { LockKind, Mode } from "../schema.js";
import type { TaskState, Wait } from "../state.js";

/**
 * The tasks that can never go on, as one would find them by hand: look at everybody, again and again, and strike out
 * who can, until nobody is left who does. What `findDeadlocks` has to come to.
 */
export function naivelyStuck(live: LiveState): Set<TaskState> {
  const stuck = new Set(live.tasks);
  for (let before = -1; before !== stuck.size; ) {
    before = stuck.size;
    for (const task of stuck) if (canGoOn(task, live, stuck)) stuck.delete(task);
  }
  return stuck;
}

function canGoOn(task: TaskState, live: LiveState, stuck: ReadonlySet<TaskState>): boolean {
  const stop = stopOf(task.thread, live);
  if (stop?.task === task) return canEnd(stop, stuck);
  if (stop !== undefined && task.ended === Number.POSITIVE_INFINITY && !canEnd(stop, stuck)) return false;
  return task.waits.size === 0 || [...task.waits].some((wait) => canEnd(wait, stuck));
}

/** The latest wait that has stopped the thread. */
function stopOf(thread: number, live: LiveState): Wait | undefined {
  return live.tasks
    .filter((task) => task.thread === thread)
    .flatMap(({ waits }) => [...waits].filter(({ blocksThread }) => blocksThread))
    .sort((a, b) => b.order - a.order)[0];
}

function canEnd({ lock, joins, mode, cancellable, order }: Wait, stuck: ReadonlySet<TaskState>): boolean {
  if (cancellable) return true;
  if (joins !== undefined) return joins.ended !== Number.POSITIVE_INFINITY || !stuck.has(joins);
  if (lock === undefined) return true;
  const holders = [...lock.holders];
  if (lock.kind === LockKind.semaphore) {
    return holders.length === 0 || holders.some((hold) => !stuck.has(hold.task));
  }
  if (mode === Mode.shared && holders[0]?.mode !== Mode.exclusive) {
    const writer = [...lock.waiters].find((wait) => wait.mode === Mode.exclusive);
    return writer === undefined || writer.order > order || !stuck.has(writer.task);
  }
  return holders.every((hold) => !stuck.has(hold.task));
}
