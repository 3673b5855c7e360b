/**
 * Keeps tasks, locks and their lanes up to date, one operation at a time. Rows may be missing (dropped by the
 * program, or from before the trace began), so operations also repair what they prove to be out of date: who
 * gets a mutex shows that nobody else has it.
 */
import { IdTable } from "./id-table.js";
import { Lane } from "./lane.js";
import { OrderedIndex } from "./ordered-index.js";
import { isSelectMode, LockKind, MAIN_TASK, Mode, Severity } from "./schema.js";
import { NO_HOLDER, SpanColumns } from "./spans.js";
import type { Hold, LockState, TaskState, Wait } from "./state.js";

export class LiveState {
  readonly spans = new SpanColumns();
  readonly #tasks = new IdTable<TaskState>();
  readonly #locks = new IdTable<LockState>();
  /** Rises whenever somebody starts or stops waiting or holding: what the wait-for graph depends on. */
  graphVersion = 0;
  waitingTasks = 0;
  liveTasks = 0;
  /** Rows were lost: from now on, a task that gets a lock is taken not to wait for it any more. */
  lossy = false;

  /** All tasks met so far. */
  get tasks(): readonly TaskState[] {
    return this.#tasks.all;
  }

  /** All locks met so far. */
  get locks(): readonly LockState[] {
    return this.#locks.all;
  }

  findTask(id: number): TaskState | undefined {
    return this.#tasks.get(id);
  }

  findLock(id: number): LockState | undefined {
    return this.#locks.get(id);
  }

  /** The task with this id; one never heard of is taken to run since `time`. */
  task(id: number, time: number): TaskState {
    const known = this.#tasks.get(id);
    if (known !== undefined) return known;
    this.liveTasks++;
    return this.#tasks.add(id, {
      id,
      name: id === MAIN_TASK ? "main" : `task ${id}`,
      parent: 0,
      thread: 0,
      site: 0,
      phase: "running",
      started: time,
      ended: Number.POSITIVE_INFINITY,
      waits: new OrderedIndex(targetOf),
      forked: id === MAIN_TASK,
      holds: new OrderedIndex(lockOf),
      lane: new Lane(this.spans),
    });
  }

  lock(id: number): LockState {
    return (
      this.#locks.get(id) ??
      this.#locks.add(id, {
        id,
        kind: LockKind.unknown,
        name: `lock ${id}`,
        site: 0,
        capacity: 0,
        holders: new OrderedIndex<TaskState, Hold>(taskOf),
        waiters: new OrderedIndex<TaskState, Wait>(taskOf),
        amount: 0,
        closed: false,
        uses: 0,
        contentions: 0,
        maxWait: 0,
        totalWait: 0,
        maxHold: 0,
        totalHold: 0,
        lane: new Lane(this.spans),
      })
    );
  }

  /** `task` has `lock` now. */
  acquire(time: number, task: TaskState, lock: LockState, mode: Mode, site: number, count: number): void {
    lock.uses++;
    this.progress(time, task, lock);
    if (!canBeHeld(lock.kind, mode)) return;
    this.#evict(time, task, lock, mode);
    const held = task.holds.find(lock);
    if (held !== undefined && held.mode === mode) {
      held.count += count;
    } else {
      const hold: Hold = { task, lock, mode, since: time, site, count };
      lock.holders.add(hold);
      task.holds.add(hold);
    }
    this.graphVersion++;
    this.#drawTask(time, task);
    this.#drawLock(time, lock);
  }

  /** Somebody gives `lock` back: `task` if it has it, else (any task may release) whoever has had it longest. */
  release(time: number, task: TaskState, lock: LockState, mode: Mode, count: number): void {
    let hold = task.holds.find(lock);
    if (hold === undefined || hold.mode !== mode) hold = oldestHold(lock, mode) ?? hold;
    if (hold === undefined) return;
    hold.count -= count;
    if (hold.count <= 0) this.#drop(time, hold);
    else this.#drawLock(time, lock);
  }

  /** `task`, or one of the calls it has forked, stops. */
  block(
    time: number,
    task: TaskState,
    lock: LockState | undefined,
    joins: TaskState | undefined,
    mode: Mode,
    site: number,
  ): void {
    const last = task.waits.newest;
    const sameSelect =
      last !== undefined && last.since === time && isSelectMode(mode) && isSelectMode(last.mode);
    const group = sameSelect ? last.group : [];
    if (!sameSelect) this.progress(time, task, undefined);
    const wait: Wait = { task, lock, joins, mode, since: time, site, group };
    group.push(wait);
    if (task.waits.size === 0) {
      this.waitingTasks++;
      if (task.phase === "running") task.phase = "waiting";
    }
    task.waits.add(wait);
    this.graphVersion++;
    if (lock !== undefined) {
      lock.contentions++;
      lock.waiters.add(wait);
      this.#drawLock(time, lock);
      if (lock.waiters.size === 1) this.#drawHolders(time, lock);
    }
    this.#drawTask(time, task);
  }

  /**
   * Ends the oldest wait of `task` for `target` (a lock, or the task it joins), whether it got what it waited
   * for or not. If it waits for no such thing, its oldest wait of all.
   */
  unblock(time: number, task: TaskState, target: LockState | TaskState | undefined): void {
    const wait = task.waits.find(target) ?? task.waits.oldest;
    if (wait !== undefined) this.#endWait(time, wait);
  }

  /**
   * `task` does something (with `lock`). If it waits all the same, it has forked; if rows were lost, then so
   * was the end of that wait.
   */
  progress(time: number, task: TaskState, lock: LockState | undefined): void {
    if (task.waits.size === 0) return;
    if (!this.lossy) {
      task.forked = true;
    } else if (lock !== undefined) {
      const wait = task.waits.find(lock);
      if (wait !== undefined) this.#endWait(time, wait);
    }
  }

  /** `task` waits for nothing. */
  endWaits(time: number, task: TaskState): void {
    for (let wait = task.waits.oldest; wait !== undefined; wait = task.waits.oldest)
      this.#endWait(time, wait);
  }

  startTask(time: number, task: TaskState): void {
    if (task.ended !== Number.POSITIVE_INFINITY) {
      this.liveTasks++;
      task.ended = Number.POSITIVE_INFINITY;
    }
    this.endWaits(time, task);
    task.phase = "running";
  }

  /**
   * A task that ends keeps what it holds, since a lock that nobody will release is worth seeing, and the waits
   * of calls that it started and did not await.
   */
  endTask(time: number, task: TaskState, panicked: boolean): void {
    if (this.lossy) this.endWaits(time, task);
    if (task.ended === Number.POSITIVE_INFINITY) this.liveTasks--;
    task.ended = time;
    task.phase = panicked ? "panicked" : "done";
    this.graphVersion++;
    task.lane.clear(time);
  }

  /** A WaitGroup's counter or a channel's length is now `amount`. */
  setAmount(time: number, lock: LockState, amount: number): void {
    lock.amount = amount;
    this.#drawLock(time, lock);
  }

  #endWait(time: number, { task, group }: Wait): void {
    this.graphVersion++;
    for (const wait of group) {
      task.waits.delete(wait);
      const { lock } = wait;
      if (lock === undefined) continue;
      lock.waiters.delete(wait);
      const waited = Math.max(0, time - wait.since);
      lock.maxWait = Math.max(lock.maxWait, waited);
      lock.totalWait += waited;
      this.#drawLock(time, lock);
      if (lock.waiters.size === 0) this.#drawHolders(time, lock);
    }
    if (task.waits.size === 0) {
      this.waitingTasks--;
      if (task.phase === "waiting") task.phase = "running";
    }
    this.#drawTask(time, task);
  }

  /** Holders that cannot be there any more, since `task` got the lock. Their release was lost. */
  #evict(time: number, task: TaskState, lock: LockState, mode: Mode): void {
    if (lock.kind === LockKind.semaphore) return;
    // Holders are one writer or all readers, so the oldest speaks for the rest.
    for (let hold = lock.holders.oldest; hold !== undefined; hold = lock.holders.oldest) {
      if (mode === Mode.shared && hold.mode === Mode.shared) return;
      if (hold.task === task && hold.mode === mode && lock.kind === LockKind.recursiveMutex) return;
      this.#drop(time, hold);
    }
  }

  #drop(time: number, hold: Hold): void {
    const { task, lock } = hold;
    lock.holders.delete(hold);
    task.holds.delete(hold);
    const held = Math.max(0, time - hold.since);
    lock.maxHold = Math.max(lock.maxHold, held);
    lock.totalHold += held;
    this.graphVersion++;
    this.#drawLock(time, lock);
    this.#drawTask(time, task);
  }

  #drawHolders(time: number, lock: LockState): void {
    let drawn = 0;
    for (const { task } of lock.holders) {
      if (++drawn > MAX_LOOK) return;
      this.#drawTask(time, task);
    }
  }

  #drawTask(time: number, task: TaskState): void {
    if (task.ended !== Number.POSITIVE_INFINITY) return;
    const wait = task.waits.oldest;
    const hold = task.holds.newest;
    // Asleep with a lock in hand: that it holds the lock is what matters to others.
    if (wait !== undefined && (hold === undefined || !isPause(wait.mode))) {
      const subject = wait.lock?.id ?? wait.joins?.id ?? 0;
      const severity = isPause(wait.mode) ? Severity.idle : Severity.wait;
      task.lane.show(time, severity, wait.mode, subject, wait.site);
      return;
    }
    if (hold === undefined) {
      task.lane.clear(time);
      return;
    }
    const severity = blocksOthers(task) ? Severity.blocking : Severity.hold;
    task.lane.show(time, severity, hold.mode, hold.lock.id, hold.site);
  }

  #drawLock(time: number, lock: LockState): void {
    const waiters = lock.waiters.size;
    const holders = lock.holders.size;
    if (holders > 0) {
      const hold = lock.holders.oldest;
      const severity = waiters > 0 ? Severity.blocking : Severity.hold;
      lock.lane.show(time, severity, hold!.mode, hold!.task.id, hold!.site, holders, waiters);
    } else if (waiters > 0) {
      const wait = lock.waiters.oldest;
      const amount = Math.max(0, lock.amount);
      lock.lane.show(time, Severity.wait, NO_HOLDER, wait!.task.id, wait!.site, amount, waiters);
    } else if (lock.amount > 0) {
      lock.lane.show(time, Severity.hold, NO_HOLDER, 0, 0, lock.amount, 0);
    } else {
      lock.lane.clear(time);
    }
  }
}

/** Whether a lock of this kind has a holder, rather than a counter or a queue. */
export function canBeHeld(kind: LockKind, mode: Mode): boolean {
  if (mode !== Mode.exclusive && mode !== Mode.shared) return false;
  return !UNHELD.has(kind);
}

const UNHELD: ReadonlySet<LockKind> = new Set([
  LockKind.waitgroup,
  LockKind.channel,
  LockKind.cond,
  LockKind.errgroup,
  LockKind.select,
  LockKind.barrier,
  LockKind.timer,
]);

/** Holders and held locks looked at per row: a trace in which each of a million holds must not take for ever. */
const MAX_LOOK = 8;

/** A wait that has nothing to do with other tasks. */
const isPause = (mode: Mode) => mode === Mode.sleep || mode === Mode.external;

const taskOf = (of: { readonly task: TaskState }) => of.task;
const lockOf = (hold: Hold) => hold.lock;
const targetOf = (wait: Wait) => wait.lock ?? wait.joins;

function oldestHold(lock: LockState, mode: Mode): Hold | undefined {
  let looked = 0;
  for (const hold of lock.holders) {
    if (hold.mode === mode) return hold;
    if (++looked > MAX_LOOK) return undefined;
  }
  return undefined;
}

function blocksOthers(task: TaskState): boolean {
  // Nearly always there is one lock: no iterator for that.
  if (task.holds.size === 1) return task.holds.oldest!.lock.waiters.size > 0;
  let looked = 0;
  for (const { lock } of task.holds) {
    if (lock.waiters.size > 0) return true;
    if (++looked > MAX_LOOK) return false;
  }
  return false;
}
