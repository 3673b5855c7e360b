/** The tree of a session's locks and tasks, as plain data: what the Locks view shows. */
import {
  type Alarm,
  type DeadlockCycle,
  EndReason,
  findDeadlocks,
  formatDuration,
  type LockState,
  lockTypeOf,
  longestWait,
  placeText,
  plural,
  type Site,
  type TaskState,
  type Wait,
} from "@lockscope/trace";
import type { TraceSession } from "../trace/session.js";
import { type LockNode, limited, type Tone } from "./lock-node.js";
import { amountText, iconOf, modeText, phaseText, waitNames } from "./lock-words.js";

export interface TreeMoment {
  /** The time up to which waits and holds that are under way are counted. */
  readonly now: number;
  /** A debugger holds the program in this task. */
  readonly stoppedTask?: number | undefined;
}

/** Of a lock's holders and its queue. */
const MAX_QUEUE = 50;

/**
 * The task in which a debugger stands and the deadlocks, then the locks, those most waited for first, then the
 * tasks, and what else was noticed.
 */
export function lockNodes(session: TraceSession, moment: TreeMoment): LockNode[] {
  return new Tree(session, moment).roots();
}

class Tree {
  readonly #session: TraceSession;
  readonly #now: number;
  readonly #stoppedTask: number | undefined;
  readonly #stuck = new Set<LockState | TaskState>();

  constructor(session: TraceSession, { now, stoppedTask }: TreeMoment) {
    this.#session = session;
    this.#now = now;
    this.#stoppedTask = stoppedTask;
  }

  roots(): LockNode[] {
    const { live, end } = this.#session.store;
    const { cycles } = findDeadlocks(live, { ended: end?.reason === EndReason.stuck });
    const deadlocks = cycles.filter(({ certain }) => certain).map((cycle, at) => this.#deadlock(cycle, at));
    const locks = [...live.locks].sort((a, b) => this.#byInterest(a, b));
    const nodes = [
      ...this.#stop(),
      ...deadlocks,
      ...limited(locks, (lock) => this.#lock(lock), "more-locks", "lock"),
    ];
    if (live.tasks.length > 0) nodes.push(this.#tasks(live.tasks));
    const alarms = this.#session.alarms.all.filter(({ kind }) => kind !== "deadlock");
    if (alarms.length > 0) nodes.push(this.#alarms(alarms));
    return nodes;
  }

  /** Where the debugger stands. */
  #stop(): LockNode[] {
    const task =
      this.#stoppedTask === undefined ? undefined : this.#session.store.live.findTask(this.#stoppedTask);
    if (task === undefined) return [];
    return [{ ...this.#task(task), id: "stopped" }];
  }

  #alarms(alarms: readonly Alarm[]): LockNode {
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
            ...this.#detail(`alarm:${alarms.length - index}`, sites[0] ?? 0),
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

  #deadlock({ edges }: DeadlockCycle, at: number): LockNode {
    for (const { from, wait } of edges) {
      this.#stuck.add(from);
      if (wait.lock !== undefined) this.#stuck.add(wait.lock);
    }
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
          ...this.#detail(`deadlock:${at}:${index}`, wait.site),
          label: from.name,
          description: stopped
            ? `cannot run: its thread is stopped by ${to.name}`
            : `${this.#waitText(wait)}${hold === undefined ? "" : `, held by ${to.name}`}`,
          icon: "debug-stackframe-dot",
          task: from.id,
        })),
    };
  }

  #lock(lock: LockState): LockNode {
    const { id, name, holders, waiters } = lock;
    const stuck = this.#stuck.has(lock);
    const state = [holders.size > 0 && this.#holdersText(lock), amountText(lock)].filter(Boolean);
    if (waiters.size > 0) state.push(`${plural(waiters.size, "task")} waiting`);
    return {
      id: `lock:${id}`,
      label: name,
      description: [lockTypeOf(lock), ...state].join(" · "),
      icon: iconOf(lock),
      tone: stuck ? "error" : waiters.size > 0 ? "warning" : "calm",
      kind: "lock",
      lock: id,
      ...this.#at(lock.site),
      children: () => this.#lockDetails(lock),
    };
  }

  #lockDetails(lock: LockState): LockNode[] {
    const { id, holders, waiters } = lock;
    const holds = limited(
      [...holders],
      (hold) => ({
        ...this.#detail(`lock:${id}:hold:${hold.task.id}:${hold.mode}`, hold.site),
        label: hold.task.name,
        description: `has held it${modeText(hold)} for ${this.#since(hold.since)}${this.#where(hold.site)}`,
        icon: "lock",
        task: hold.task.id,
      }),
      `lock:${id}:more-holds`,
      "holder",
      MAX_QUEUE,
    );
    const queue = limited(
      [...waiters],
      (wait, index) => ({
        ...this.#detail(`lock:${id}:wait:${wait.task.id}:${index}`, wait.site),
        label: `${index + 1}. ${wait.task.name}`,
        description: `has waited${modeText(wait)} for ${this.#since(wait.since)}${this.#where(wait.site)}`,
        icon: "watch",
        tone: this.#stuck.has(wait.task) ? ("error" as const) : ("warning" as const),
        task: wait.task.id,
      }),
      `lock:${id}:more-waits`,
      "waiting task",
      MAX_QUEUE,
    );
    return [...holds, ...queue, this.#counters(lock)];
  }

  #counters(lock: LockState): LockNode {
    const waited = longestWait(lock, this.#now);
    const parts = [
      `${plural(lock.uses, "use")}, ${lock.contentions === 0 ? "none" : lock.contentions} with a wait`,
      waited > 0 && `longest wait ${formatDuration(waited)}`,
      lock.maxHold > 0 && `longest hold ${formatDuration(lock.maxHold)}`,
    ].filter((part) => part !== false);
    return {
      ...this.#detail(`lock:${lock.id}:counters`, lock.site),
      label: parts.join(" · "),
      description: this.#where(lock.site, "made at "),
      icon: "graph",
    };
  }

  #tasks(tasks: readonly TaskState[]): LockNode {
    const { live } = this.#session.store;
    return {
      id: "tasks",
      label: "Tasks",
      description: `${live.liveTasks} alive, ${live.waitingTasks} waiting`,
      icon: "list-tree",
      kind: "group",
      children: () => {
        const shown = [...tasks].sort((a, b) => this.#rank(a) - this.#rank(b));
        return limited(shown, (task) => this.#task(task), "more-tasks", "task");
      },
    };
  }

  #task(task: TaskState): LockNode {
    const { id, name, waits, holds } = task;
    const stopped = id === this.#stoppedTask;
    const wait = waits.oldest;
    const held = [...holds].slice(0, 3).map(({ lock }) => lock.name);
    if (holds.size > held.length) held.push("…");
    const parts = [
      stopped && "stopped here",
      wait === undefined ? phaseText(task) : this.#waitText(wait),
      held.length > 0 && `holds ${held.join(", ")}`,
    ].filter((part) => part !== false && part !== "");
    return {
      id: `task:${id}`,
      label: name,
      description: parts.join(" · "),
      icon: stopped ? "debug-stackframe" : wait !== undefined ? "watch" : "circle-outline",
      tone: this.#taskTone(task),
      kind: "task",
      task: id,
      ...this.#at(wait?.site ?? task.site),
    };
  }

  #taskTone(task: TaskState): Tone {
    if (task.id === this.#stoppedTask) return "stopped";
    if (this.#stuck.has(task)) return "error";
    return task.waits.size > 0 ? "warning" : "calm";
  }

  /** Where the debugger stands, who is stuck, who waits, who runs, who is done. */
  #rank(task: TaskState): number {
    if (task.id === this.#stoppedTask) return 0;
    if (this.#stuck.has(task)) return 1;
    if (task.waits.size > 0) return 2;
    return task.ended === Number.POSITIVE_INFINITY ? 3 : 4;
  }

  #byInterest(a: LockState, b: LockState): number {
    const stuck = Number(this.#stuck.has(b)) - Number(this.#stuck.has(a));
    return stuck || this.#waited(b) - this.#waited(a) || b.uses - a.uses || a.id - b.id;
  }

  /** How long tasks have waited for a lock, all those that wait now taken to wait as long as the first of them. */
  #waited({ totalWait, waiters }: LockState): number {
    const oldest = waiters.oldest;
    return oldest === undefined ? totalWait : totalWait + waiters.size * (this.#now - oldest.since);
  }

  #holdersText({ holders }: LockState): string {
    const first = holders.oldest!;
    const others = holders.size === 1 ? "" : ` and ${holders.size - 1} more`;
    return `held by ${first.task.name}${others} for ${this.#since(first.since)}`;
  }

  #waitText({ lock, joins, mode, since }: Wait): string {
    const what =
      joins !== undefined ? `the end of ${joins.name}` : lock !== undefined ? lock.name : waitNames[mode];
    return `has waited ${this.#since(since)} for ${what ?? "nothing"}`;
  }

  #since(time: number): string {
    return formatDuration(this.#now - time);
  }

  #where(site: number, before = ", "): string {
    const place = this.#session.store.sites.get(site);
    return place === undefined ? "" : `${before}${placeText(place)}`;
  }

  #at(site: number): { place?: Site } {
    const place = this.#session.store.sites.get(site);
    return place === undefined ? {} : { place };
  }

  #detail(id: string, site: number): Pick<LockNode, "id" | "kind" | "place"> {
    return { id, kind: "detail", ...this.#at(site) };
  }
}
