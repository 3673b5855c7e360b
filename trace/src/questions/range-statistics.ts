import { DT_MS } from "../row.js";
import type { Hold, LockState, TaskState, Wait } from "../state.js";
import type { TraceStore } from "../store.js";
import { windowEnds } from "../window-ends.js";
import { Histogram } from "./histogram.js";
import { Replay } from "./replay.js";

/** What was done at one place with one lock. */
export interface SiteStatistics {
  /** A store-wide site number; 0: the place is not known. */
  readonly site: number;
  /** Times the lock was taken. */
  readonly acquisitions: number;
  /** Times a task had to wait. */
  readonly contended: number;
  readonly waits: Histogram;
  readonly holds: Histogram;
}

export interface LockStatistics {
  readonly lock: LockState;
  /** Times taken; for a channel values sent, for a WaitGroup changes of its counter. */
  readonly acquisitions: number;
  readonly contended: number;
  readonly waits: Histogram;
  readonly holds: Histogram;
  /** The most tasks that waited at one time. */
  readonly maxQueue: number;
  /** The place with the longest waits first. */
  readonly sites: readonly SiteStatistics[];
}

export interface TaskStatistics {
  readonly task: TaskState;
  readonly acquisitions: number;
  readonly contended: number;
  /** Of waits for locks, channels and the like; sleeping and joining are none. */
  readonly waits: Histogram;
  readonly holds: Histogram;
}

export interface RangeStatistics {
  /** Milliseconds since the program's time origin. */
  readonly from: number;
  readonly to: number;
  /** Rows in the range. */
  readonly events: number;
  /** Those in use in the range, by the time for which tasks waited for them in all: the worst first. */
  readonly locks: readonly LockStatistics[];
  /** As the locks. */
  readonly tasks: readonly TaskStatistics[];
}

/**
 * Contention, waits and holds between two times, both included. What begins before or ends after them counts with
 * the part that is inside. O(rows in the range), besides finding the state at its start.
 */
export function rangeStatistics(store: TraceStore, from: number, to: number): RangeStatistics {
  const steps = rangeStatisticsInSteps(store, from, to);
  for (let step = steps.next(); ; step = steps.next()) if (step.done) return step.value;
}

/** As {@link rangeStatistics}, with a break after every few milliseconds' work, in which others may have their turn. */
export function* rangeStatisticsInSteps(
  store: TraceStore,
  from: number,
  to: number,
): Generator<void, RangeStatistics> {
  const collector = new Collector(store, from, to);
  // Times are whole ticks after that of their batch: just before `from` is half a tick.
  const replay = new Replay(store, from - DT_MS / 2, collector);
  const { live } = replay;
  const usesBefore = new Map(live.locks.map((lock) => [lock.id, lock.uses]));
  for (const lock of live.locks) if (lock.waiters.size > 0) collector.lock(lock).queue(lock.waiters.size);
  let events = 0;
  for (const end of windowEnds(store)) {
    if (end <= from) continue;
    replay.advance(Math.min(end, to), () => events++);
    if (end >= to) break;
    yield;
  }
  for (const task of live.tasks) {
    for (const hold of task.holds) collector.released(to, hold);
    for (const wait of task.waits) collector.unblocked(to, wait);
  }
  for (const lock of live.locks) {
    const uses = lock.uses - usesBefore.get(lock.id)!;
    if (uses > 0) collector.lock(lock).acquisitions = uses;
  }
  return { from, to, events, ...collector.ranked() };
}

class Tally {
  acquisitions = 0;
  contended = 0;
  readonly waits = new Histogram();
  readonly holds = new Histogram();
}

class SiteTally extends Tally implements SiteStatistics {
  constructor(readonly site: number) {
    super();
  }
}

class TaskTally extends Tally implements TaskStatistics {
  constructor(readonly task: TaskState) {
    super();
  }
}

class LockTally extends Tally implements LockStatistics {
  maxQueue = 0;
  /** The place asked for last: nearly always the next one too, and often the only one. */
  #last: SiteTally | undefined;
  /** All of them, once there are two. */
  #sites: Map<number, SiteTally> | undefined;

  constructor(readonly lock: LockState) {
    super();
  }

  get sites(): readonly SiteStatistics[] {
    if (this.#sites !== undefined) return [...this.#sites.values()].sort(byWait);
    return this.#last === undefined ? [] : [this.#last];
  }

  queue(length: number): void {
    if (length > this.maxQueue) this.maxQueue = length;
  }

  site(number: number): SiteTally {
    const last = this.#last;
    if (last?.site === number) return last;
    if (last !== undefined) this.#sites ??= new Map([[last.site, last]]);
    let tally = this.#sites?.get(number);
    if (tally === undefined) {
      tally = new SiteTally(number);
      this.#sites?.set(number, tally);
    }
    this.#last = tally;
    return tally;
  }
}

class Collector {
  readonly #store: TraceStore;
  readonly #from: number;
  readonly #to: number;
  readonly #locks = new Map<LockState, LockTally>();
  readonly #tasks = new Map<TaskState, TaskTally>();

  constructor(store: TraceStore, from: number, to: number) {
    this.#store = store;
    this.#from = from;
    this.#to = to;
  }

  lock(lock: LockState): LockTally {
    let tally = this.#locks.get(lock);
    if (tally === undefined) {
      tally = new LockTally(this.#store.live.findLock(lock.id) ?? lock);
      this.#locks.set(lock, tally);
    }
    return tally;
  }

  #task(task: TaskState): TaskTally {
    let tally = this.#tasks.get(task);
    if (tally === undefined) {
      tally = new TaskTally(this.#store.live.findTask(task.id) ?? task);
      this.#tasks.set(task, tally);
    }
    return tally;
  }

  acquired(_time: number, task: TaskState, lock: LockState, _mode: number, site: number): void {
    this.lock(lock).site(this.#place(site)).acquisitions++;
    this.#task(task).acquisitions++;
  }

  released(time: number, { task, lock, since, site }: Hold): void {
    const held = this.#inside(since, time);
    const tally = this.lock(lock);
    tally.holds.add(held);
    tally.site(this.#place(site)).holds.add(held);
    this.#task(task).holds.add(held);
  }

  blocked(_time: number, wait: Wait): void {
    const { task, lock, site, group } = wait;
    if (lock === undefined) return;
    const tally = this.lock(lock);
    tally.contended++;
    tally.site(this.#place(site)).contended++;
    tally.queue(lock.waiters.size);
    if (group[0] === wait) this.#task(task).contended++;
  }

  unblocked(time: number, wait: Wait): void {
    const { task, lock, since, site, group } = wait;
    if (lock === undefined) return;
    const waited = this.#inside(since, time);
    const tally = this.lock(lock);
    tally.waits.add(waited);
    tally.site(this.#place(site)).waits.add(waited);
    if (group[0] === wait) this.#task(task).waits.add(waited);
  }

  ranked(): Pick<RangeStatistics, "locks" | "tasks"> {
    return {
      locks: [...this.#locks.values()].sort(byWait),
      tasks: [...this.#tasks.values()].sort(byWait),
    };
  }

  /** Whichever calls have led there. */
  #place(site: number): number {
    return this.#store.sites.placeOf(site);
  }

  #inside(since: number, until: number): number {
    return Math.max(0, Math.min(until, this.#to) - Math.max(since, this.#from));
  }
}

const byWait = (a: Tally, b: Tally) =>
  b.waits.total - a.waits.total ||
  b.contended - a.contended ||
  b.holds.total - a.holds.total ||
  b.acquisitions - a.acquisitions;
