import { IdTable } from "./id-table.js";
import { Lane } from "./lane.js";
import { newLock, newTask, OTHERS, otherLocks, otherTasks } from "./new-state.js";
import { SpanColumns } from "./spans.js";
import type { LockState, TaskState } from "./state.js";

/** A trace in which every row names others must not take all memory: each is a kilobyte. */
const MAX_THINGS = 2 ** 20;
/** Where tasks that are over are not kept, they are forgotten when so many more have ended. */
const FORGET_AFTER = 2 ** 14;

/** What a live state keeps, and for how long. */
export interface LiveStateOptions {
  /** false: only the present, without lanes and totals by site. */
  readonly history?: boolean;
  /** false: tasks that ended some time ago, and hold nothing, are forgotten, and locks of which the program says so. */
  readonly past?: boolean;
  /** So many tasks, and so many locks, are kept; the last one stands for all that follow, and is in no alarm. */
  readonly limit?: number;
}

/** The tasks and locks that have been heard of, by their ids, each with a lane. */
export class KnownThings {
  /** What the lanes show. */
  readonly spans = new SpanColumns();
  /** Tasks that have not ended. */
  liveTasks = 0;
  protected readonly keepsHistory: boolean;
  readonly #keepsPast: boolean;
  readonly #limit: number;
  /** That of every task and lock, and never drawn on, where no history is kept. */
  readonly #noLane = new Lane(this.spans);
  readonly #tasks = new IdTable<TaskState>();
  readonly #locks = new IdTable<LockState>();
  /** How many tasks have ended since others were forgotten, and when that was. */
  #ended = 0;
  #forgot = Number.NEGATIVE_INFINITY;
  /** The eras that are over. */
  readonly #over = new Set<number>();

  constructor(options: LiveStateOptions = {}) {
    this.keepsHistory = options.history ?? true;
    this.#keepsPast = options.past ?? true;
    this.#limit = options.limit ?? MAX_THINGS;
  }

  /** All tasks met so far, as far as they are kept. */
  get tasks(): readonly TaskState[] {
    return this.#tasks.all;
  }

  /** All locks met so far, as far as they are kept. */
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
    const others = this.tasks.length >= this.#limit - 1;
    const task = others ? this.#tasks.get(OTHERS) : undefined;
    if (task !== undefined) return task;
    this.liveTasks++;
    const lane = this.#newLane();
    return others
      ? this.#tasks.add(OTHERS, otherTasks(time, lane))
      : this.#tasks.add(id, newTask(id, time, lane));
  }

  /** The lock with this id; one never heard of exists since `time`. */
  lock(id: number, time = 0): LockState {
    const known = this.#locks.get(id);
    if (known !== undefined) return known;
    if (this.locks.length < this.#limit - 1) return this.#locks.add(id, newLock(id, time, this.#newLane()));
    return this.#locks.get(OTHERS) ?? this.#locks.add(OTHERS, otherLocks(time, this.#newLane()));
  }

  /** To be called when a task has ended: now and then those that ended before are forgotten. */
  protected hasEnded(time: number): void {
    if (this.#keepsPast || ++this.#ended < FORGET_AFTER) return;
    // Those that had ended by the last time: who waited for their end has gone on since.
    const before = this.#forgot;
    const isKept = (task: TaskState) => task.ended >= before || task.holds.size > 0 || task.waits.size > 0;
    this.#tasks.retain(isKept, ({ id }) => id);
    this.#forgot = time;
    this.#ended = 0;
  }

  /** How many eras of locks are over; see {@link EventKind.forget}. */
  get erasOver(): number {
    return this.#over.size;
  }

  /** What {@link EventKind.forget} says. O(locks), of which many are new since the last time. */
  forgetLocks(era: number): void {
    if (era === 0) return;
    this.#over.add(era);
    if (this.#keepsPast) return;
    this.#locks.retain(
      (lock) => lock.era !== era || !isIdle(lock),
      ({ id }) => id,
    );
  }

  /** Nobody uses the lock: it is of an era that is over, whether it is still kept or not. */
  isDormant({ id }: LockState): boolean {
    const lock = this.#locks.get(id);
    return lock === undefined || (this.#over.has(lock.era) && isIdle(lock));
  }

  #newLane(): Lane {
    return this.keepsHistory ? new Lane(this.spans) : this.#noLane;
  }
}

const isIdle = ({ holders, waiters, amount }: LockState): boolean =>
  holders.size === 0 && waiters.size === 0 && amount === 0;
