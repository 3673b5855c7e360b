/**
 * Keeps tasks, locks and their lanes up to date, one operation at a time. Rows may be missing (dropped by the
 * program, or from before the trace began), so operations also repair what they prove to be out of date: who
 * gets a mutex shows that nobody else has it.
 */
import { drawHolders, drawLock, drawTask, MAX_LOOK } from "./draw-lanes.js";
import { KnownThings } from "./known-things.js";
import type { LiveObserver } from "./live-observer.js";
import { isSelectMode, LockKind, Mode } from "./schema.js";
import { SiteTotals } from "./site-totals.js";
import type { Hold, LockState, TaskState, Wait } from "./state.js";

export class LiveState extends KnownThings {
  /** What the operations at each place have come to. */
  readonly siteTotals = new SiteTotals();
  /** Rises whenever somebody starts or stops waiting or holding: what the wait-for graph depends on. */
  graphVersion = 0;
  /** Rises with every hold and wait: what the next one gets. */
  order = 0;
  waitingTasks = 0;
  /** Rows were lost: from now on, a task that gets a lock is taken not to wait for it any more. */
  lossy = false;
  /** Hears of every hold and wait, as it begins and as it ends. */
  observer: LiveObserver | undefined;

  /**
   * `task` has `lock` now.
   * @param tried it would not have waited for it
   */
  acquire(
    time: number,
    task: TaskState,
    lock: LockState,
    mode: Mode,
    site: number,
    count: number,
    tried = false,
  ): void {
    lock.uses++;
    this.progress(time, task, lock);
    if (!canBeHeld(lock.kind, mode)) return;
    this.#evict(time, task, lock, mode);
    const held = task.holds.find(lock);
    if (held !== undefined && held.mode === mode) {
      held.count += count;
    } else {
      const hold: Hold = { task, lock, mode, since: time, site, order: this.order++, count };
      lock.holders.add(hold);
      task.holds.add(hold);
    }
    this.graphVersion++;
    if (this.keepsHistory) {
      drawTask(time, task);
      drawLock(time, lock);
      this.siteTotals.acquired(site);
    }
    this.observer?.acquired(time, task, lock, mode, site, tried);
  }

  /** Somebody gives `lock` back: `task` if it has it, else (any task may release) whoever has had it longest. */
  release(time: number, task: TaskState, lock: LockState, mode: Mode, count: number): void {
    let hold = task.holds.find(lock);
    if (hold === undefined || hold.mode !== mode) hold = oldestHold(lock, mode) ?? hold;
    if (hold === undefined) return;
    hold.count -= count;
    if (hold.count <= 0) this.#drop(time, hold);
    else if (this.keepsHistory) drawLock(time, lock);
  }

  /** `task`, or one of the calls it has forked, stops. */
  block(
    time: number,
    task: TaskState,
    lock: LockState | undefined,
    joins: TaskState | undefined,
    mode: Mode,
    site: number,
    cancellable = false,
    blocksThread = false,
  ): void {
    const last = task.waits.newest;
    const sameSelect =
      last !== undefined && last.since === time && isSelectMode(mode) && isSelectMode(last.mode);
    const group = sameSelect ? last.group : [];
    if (!sameSelect) this.progress(time, task, undefined);
    const order = this.order++;
    const since = time;
    const wait: Wait = { task, lock, joins, mode, since, site, order, cancellable, blocksThread, group };
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
      if (this.keepsHistory) {
        drawLock(time, lock);
        if (lock.waiters.size === 1) drawHolders(time, lock);
        this.siteTotals.blocked(site);
      }
    }
    if (this.keepsHistory) drawTask(time, task);
    this.observer?.blocked(time, wait);
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
    this.hasEnded(time);
    if (this.keepsHistory) task.lane.clear(time);
  }

  /** A WaitGroup's counter or a channel's length is now `amount`. */
  setAmount(time: number, lock: LockState, amount: number): void {
    lock.amount = amount;
    if (this.keepsHistory) drawLock(time, lock);
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
      if (!this.keepsHistory) continue;
      drawLock(time, lock);
      if (lock.waiters.size === 0) drawHolders(time, lock);
      this.siteTotals.waited(wait.site, waited);
    }
    if (task.waits.size === 0) {
      this.waitingTasks--;
      if (task.phase === "waiting") task.phase = "running";
    }
    if (this.keepsHistory) drawTask(time, task);
    if (this.observer !== undefined) for (const wait of group) this.observer.unblocked(time, wait);
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
    if (this.keepsHistory) {
      drawLock(time, lock);
      drawTask(time, task);
      this.siteTotals.held(hold.site, held);
    }
    this.observer?.released(time, hold);
  }
}

/** Whether a lock of this kind has a holder, rather than a counter or a queue. */
export function canBeHeld(kind: LockKind, mode: Mode): boolean {
  if (mode !== Mode.exclusive && mode !== Mode.shared) return false;
  switch (kind) {
    case LockKind.waitgroup:
    case LockKind.channel:
    case LockKind.cond:
    case LockKind.errgroup:
    case LockKind.select:
    case LockKind.barrier:
    case LockKind.timer:
      return false;
    default:
      return true;
  }
}

function oldestHold(lock: LockState, mode: Mode): Hold | undefined {
  let looked = 0;
  for (const hold of lock.holders) {
    if (hold.mode === mode) return hold;
    if (++looked > MAX_LOOK) return undefined;
  }
  return undefined;
}
