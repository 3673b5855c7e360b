import {
  type DeadlockReport,
  findDeadlocks,
  LiveState,
  type LockState,
  MAIN_TASK,
  Mode,
  type TaskState,
  type Wait,
} from "@lockscope/trace";
import type { SelectWaiter } from "../channel/cases.js";
import type { Channel } from "../channel/channel.js";
import type { TaskRecord } from "../runtime/identity.js";
import type { Resource } from "../runtime/resource.js";
import type { JoinWaiter } from "../runtime/task.js";
import { countOf } from "./before.js";
import type { Home } from "./home.js";
import type { LockNotes, Model, Parked } from "./model.js";
import { modeOf, ownName } from "./vocabulary.js";

/** Who can never go on, and why. */
export interface Stuck extends DeadlockReport {
  /** Everything that is parked, oldest first, whether in a cycle or not; of a select its first case. */
  readonly waits: readonly Wait[];
  /** What runs outside of every task. */
  readonly main: TaskState;
}

/**
 * Judges the model by the trace room's own rules, so that the terminal and the trace view say the same.
 * O(parked operations and their locks); called when a program has come to a stop.
 *
 * @param home the thread whose model it is
 */
export function findStuck(model: Model, home: Pick<Home, "worker" | "name">): Stuck {
  const scene = new Scene(home);
  const all = [...model.parked].sort((a, b) => a.since - b.since);
  // All holds first: who takes a lock while he waits would look as if he ran several calls side by side.
  for (const { waiter } of all) for (const resource of resourcesOf(waiter)) scene.lock(resource);
  const waits = all.map((parked) => scene.park(parked));
  scene.endTasks((record) => model.forked.has(record));
  return { ...findDeadlocks(scene.live, { ended: true }), waits, main: scene.main };
}

/** The model as a live state. */
class Scene {
  readonly live = new LiveState();
  readonly main: TaskState;
  readonly #tasks = new Map<TaskRecord | null, TaskState>();

  constructor({ worker, name }: Pick<Home, "worker" | "name">) {
    this.main = this.live.task(worker ? WORKER_MAIN : MAIN_TASK, 0);
    this.main.name = name;
    this.#tasks.set(null, this.main);
  }

  /** With those who hold it. */
  lock(resource: Resource): LockState {
    const { id, kind, type, name, holders } = resource.notes as LockNotes;
    const known = this.live.findLock(id);
    if (known !== undefined) return known;
    const isNil = (resource as Partial<Channel<unknown>>).isNil === true;
    const lock = this.live.lock(id);
    lock.kind = kind;
    lock.type = ownName(type, kind);
    lock.name = isNil ? "nil" : name;
    lock.amount = countOf(resource);
    for (const { task, mode, since, site, permits } of holders)
      this.live.acquire(since, this.#task(task), lock, mode, site, permits);
    return lock;
  }

  park({ waiter, since, site }: Parked): Wait {
    const { waitFor, signal } = waiter;
    const task = this.#task(waiter.task);
    const block = (mode: Mode, lock?: LockState, joins?: TaskState) =>
      this.live.block(since, task, lock, joins, mode, site, signal !== null);
    if (waitFor === "join") {
      block(Mode.join, undefined, this.#task((waiter as unknown as JoinWaiter<unknown>).target));
    } else if (waitFor === "select") {
      const { nodes } = waiter as unknown as SelectWaiter<unknown>;
      for (const { of } of nodes)
        block(of.direction === "send" ? Mode.selectSend : Mode.selectReceive, this.lock(of.channel));
      if (nodes.length === 0) block(Mode.forever);
    } else {
      const [resource] = resourcesOf(waiter);
      block(waitFor === "yield" ? Mode.forever : modeOf[waitFor], resource && this.lock(resource));
    }
    return task.waits.newest!.group[0]!;
  }

  /** @param isForked whether it was seen to run several calls side by side */
  endTasks(isForked: (record: TaskRecord) => boolean): void {
    for (const [record, task] of this.#tasks) {
      if (record === null) continue;
      task.forked ||= isForked(record);
      if (record.state === "done" || record.state === "panicked") {
        this.live.endTask(0, task, record.state === "panicked");
      }
    }
  }

  #task(record: TaskRecord | null): TaskState {
    const known = this.#tasks.get(record);
    if (known !== undefined) return known;
    const task = this.live.task(WORKER_MAIN + this.#tasks.size, 0);
    task.name = record!.name;
    this.#tasks.set(record, task);
    return task;
  }
}

/** What a worker does outside of every task is not the main program. The others are numbered from there. */
const WORKER_MAIN = MAIN_TASK + 1;

function resourcesOf(waiter: Parked["waiter"]): Resource[] {
  if (waiter.waitFor !== "select") return waiter.resource === null ? [] : [waiter.resource];
  return (waiter as unknown as SelectWaiter<unknown>).nodes.map(({ of }) => of.channel);
}
