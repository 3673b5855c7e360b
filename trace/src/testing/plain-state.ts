import type { LiveState } from "../live-state.js";
import type { Hold, Wait } from "../state.js";

/** All that a live state says of the present, as values that a test can compare. */
export function plainState(live: LiveState) {
  const tasks = live.tasks.map(({ lane: _, holds, waits, ...task }) => ({
    ...task,
    holds: [...holds].map(plainHold),
    waits: [...waits].map(plainWait),
  }));
  const locks = live.locks.map(({ lane: _, holders, waiters, ...lock }) => ({
    ...lock,
    holders: [...holders].map(plainHold),
    waiters: [...waiters].map(plainWait),
  }));
  const { liveTasks, waitingTasks, lossy } = live;
  return { tasks: tasks.sort(byId), locks: locks.sort(byId), liveTasks, waitingTasks, lossy };
}

const byId = (a: { readonly id: number }, b: { readonly id: number }) => a.id - b.id;

const plainHold = ({ task, lock, order: _, ...hold }: Hold) => ({ ...hold, task: task.id, lock: lock.id });

const plainWait = ({ task, lock, joins, group, order: _, ...wait }: Wait) => ({
  ...wait,
  task: task.id,
  lock: lock?.id,
  joins: joins?.id,
  group: group.length,
});
