/** The tree of a session's locks and tasks, as plain data: what the Locks view shows. */
import type { Alarm, DeadlockCycle, LockState } from "@lockscope/trace";
import type { TraceSession } from "../trace/session.js";
import { lockEntry } from "./lock-entry.js";
import { type LockNode, limited } from "./lock-node.js";
import { taskEntry, tasksEntry } from "./task-entry.js";
import { type TreeMoment, TreeScene } from "./tree-scene.js";

/**
 * The task in which a debugger stands and the deadlocks, then the locks, those most waited for first, then the
 * tasks, and what else was noticed.
 */
export function lockNodes(session: TraceSession, moment: TreeMoment): LockNode[] {
  const scene = new TreeScene(session, moment);
  const { live } = session.store;
  const locks = [...live.locks].sort((a, b) => byInterest(a, b, scene));
  const alarms = session.alarms.all.filter(({ kind }) => kind !== "deadlock");
  return [
    ...stopEntry(scene),
    ...scene.deadlocks.map((cycle, at) => deadlockEntry(cycle, at, scene)),
    ...limited(locks, (lock) => lockEntry(lock, scene), "more-locks", "lock"),
    ...(live.tasks.length > 0 ? [tasksEntry(scene)] : []),
    ...(alarms.length > 0 ? [alarmsEntry(alarms, scene)] : []),
  ];
}

function byInterest(a: LockState, b: LockState, scene: TreeScene): number {
  const stuck = Number(scene.isStuck(b)) - Number(scene.isStuck(a));
  return stuck || waited(b, scene.now) - waited(a, scene.now) || b.uses - a.uses || a.id - b.id;
}

/** How long tasks have waited for a lock, all those that wait now taken to wait as long as the first of them. */
function waited({ totalWait, waiters }: LockState, now: number): number {
  const oldest = waiters.oldest;
  return oldest === undefined ? totalWait : totalWait + waiters.size * (now - oldest.since);
}

/** Where the debugger stands. */
function stopEntry(scene: TreeScene): LockNode[] {
  const { stoppedTask, session } = scene;
  const task = stoppedTask === undefined ? undefined : session.store.live.findTask(stoppedTask);
  return task === undefined ? [] : [{ ...taskEntry(task, scene), id: "stopped" }];
}

function deadlockEntry({ edges }: DeadlockCycle, at: number, scene: TreeScene): LockNode {
  return {
    id: `deadlock:${at}:${edges.map(({ from }) => from.id).join(",")}`,
    label: "Deadlock",
    description: edges.map(({ from }) => from.name).join(" → "),
    icon: "error",
    tone: "error",
    kind: "deadlock",
    open: true,
    children: () =>
      edges.map(({ from, to, wait, stopped, hold }, index) => ({
        ...scene.detail(`deadlock:${at}:${index}`, wait.site),
        label: from.name,
        description: stopped
          ? `cannot run: its thread is stopped by ${to.name}`
          : `${scene.waitText(wait)}${hold === undefined ? "" : `, held by ${to.name}`}`,
        icon: "debug-stackframe-dot",
        task: from.id,
      })),
  };
}

function alarmsEntry(alarms: readonly Alarm[], scene: TreeScene): LockNode {
  return {
    id: "alarms",
    label: "Warnings",
    description: String(alarms.length),
    icon: "warning",
    tone: "warning",
    kind: "group",
    children: () =>
      limited(
        alarms.toReversed(),
        ({ text, sites, locks }, index) => ({
          ...scene.detail(`alarm:${alarms.length - index}`, sites[0] ?? 0),
          label: text,
          description: "",
          icon: "circle-small-filled",
          kind: "alarm" as const,
          ...(locks[0] !== undefined && { lock: locks[0].id }),
        }),
        "more-alarms",
        "warning",
      ),
  };
}
