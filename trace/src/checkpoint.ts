/**
 * The state of all tasks and locks at one moment, in columns: 9 bytes a task, 64 a lock, 64 for each hold and wait.
 * What never changes (names, places) is not in it.
 */
import type { LiveState } from "./live-state.js";
import type { Mode } from "./schema.js";
import type { Hold, LockState, TaskPhase, TaskState, Wait } from "./state.js";

const PHASES: readonly TaskPhase[] = ["running", "waiting", "done", "panicked"];
const FORKED = 4;

const NONE = -1;

export class Checkpoint {
  readonly #ended: Float64Array;
  readonly #phases: Uint8Array;
  readonly #locks: Float64Array;
  readonly #holdsAndWaits: Float64Array;
  readonly #lossy: boolean;

  constructor(live: LiveState) {
    const { tasks, locks } = live;
    this.#lossy = live.lossy;
    this.#ended = Float64Array.from(tasks, ({ ended }) => ended);
    this.#phases = Uint8Array.from(
      tasks,
      ({ phase, forked }) => PHASES.indexOf(phase) | (forked ? FORKED : 0),
    );
    this.#locks = Float64Array.from(locks.flatMap(lockFields));
    this.#holdsAndWaits = holdsAndWaits(live);
  }

  /**
   * Brings `state` to this moment: one that knows the tasks and locks of `live`, from which the checkpoint was
   * taken, and in which nothing has happened yet.
   */
  restore(state: LiveState, live: LiveState): void {
    state.lossy = this.#lossy;
    for (const [index, ended] of this.#ended.entries()) {
      const task = taskLike(state, live.tasks[index]!);
      const phase = this.#phases[index]!;
      if (ended !== Number.POSITIVE_INFINITY) state.liveTasks--;
      task.ended = ended;
      task.phase = PHASES[phase & 3]!;
      task.forked = (phase & FORKED) !== 0;
    }
    for (let at = 0; at < this.#locks.length; at += LOCK_FIELDS) {
      restoreLock(lockLike(state, live.locks[at / LOCK_FIELDS]!), this.#locks, at);
    }
    for (let at = 0; at < this.#holdsAndWaits.length; at += FIELDS) this.#restoreOne(state, live, at);
  }

  #restoreOne(state: LiveState, live: LiveState, at: number): void {
    const field = (index: number) => this.#holdsAndWaits[at + index]!;
    const task = taskLike(state, live.tasks[field(0)]!);
    const lock = field(1) === NONE ? undefined : lockLike(state, live.locks[field(1)]!);
    const [mode, since, site, flags, count] = [field(3) as Mode, field(4), field(5), field(6), field(7)];
    const order = state.order++;
    if ((flags & Flag.hold) !== 0) {
      const hold: Hold = { task, lock: lock!, mode, since, site, order, count };
      lock!.holders.add(hold);
      task.holds.add(hold);
      return;
    }
    const joins = field(2) === NONE ? undefined : taskLike(state, live.tasks[field(2)]!);
    const group = (flags & Flag.sameGroup) !== 0 ? task.waits.newest!.group : [];
    const cancellable = (flags & Flag.cancellable) !== 0;
    const blocksThread = (flags & Flag.blocksThread) !== 0;
    const wait: Wait = { task, lock, joins, mode, since, site, order, cancellable, blocksThread, group };
    group.push(wait);
    if (task.waits.size === 0) state.waitingTasks++;
    task.waits.add(wait);
    lock?.waiters.add(wait);
  }
}

/** The task of `state` that stands for `original`, a task of another state; it is made if need be. */
export function taskLike(state: LiveState, original: TaskState): TaskState {
  const known = state.findTask(original.id);
  if (known !== undefined) return known;
  const task = state.task(original.id, original.started);
  task.name = original.name;
  task.parent = original.parent;
  task.thread = original.thread;
  task.site = original.site;
  return task;
}

/** As {@link taskLike}. */
export function lockLike(state: LiveState, original: LockState): LockState {
  const known = state.findLock(original.id);
  if (known !== undefined) return known;
  const lock = state.lock(original.id, original.met);
  lock.kind = original.kind;
  lock.type = original.type;
  lock.name = original.name;
  lock.site = original.site;
  lock.capacity = original.capacity;
  return lock;
}

const LOCK_FIELDS = 8;

const lockFields = (lock: LockState): number[] => [
  lock.amount,
  lock.closed ? 1 : 0,
  lock.uses,
  lock.contentions,
  lock.maxWait,
  lock.totalWait,
  lock.maxHold,
  lock.totalHold,
];

function restoreLock(lock: LockState, fields: Float64Array, at: number): void {
  lock.amount = fields[at]!;
  lock.closed = fields[at + 1] === 1;
  lock.uses = fields[at + 2]!;
  lock.contentions = fields[at + 3]!;
  lock.maxWait = fields[at + 4]!;
  lock.totalWait = fields[at + 5]!;
  lock.maxHold = fields[at + 6]!;
  lock.totalHold = fields[at + 7]!;
}

/** Task, lock, task joined (positions), mode, since, site, flags, count. */
const FIELDS = 8;
const Flag = { hold: 1, cancellable: 2, sameGroup: 4, blocksThread: 8 } as const;

function holdsAndWaits({ tasks, locks }: LiveState): Float64Array {
  const taskAt = new Map(tasks.map((task, index) => [task, index]));
  const lockAt = new Map(locks.map((lock, index) => [lock, index]));
  const found = inOrder(tasks);
  const fields = new Float64Array(found.length * FIELDS);
  for (const [index, one] of found.entries()) {
    const { task, lock, mode, since, site } = one;
    const place = lock === undefined ? NONE : lockAt.get(lock)!;
    const joins = isHold(one) || one.joins === undefined ? NONE : taskAt.get(one.joins)!;
    const flags = isHold(one) ? Flag.hold : waitFlags(one);
    const count = isHold(one) ? one.count : 0;
    fields.set([taskAt.get(task)!, place, joins, mode, since, site, flags, count], index * FIELDS);
  }
  return fields;
}

const waitFlags = (wait: Wait): number =>
  (wait.cancellable ? Flag.cancellable : 0) |
  (wait.blocksThread ? Flag.blocksThread : 0) |
  (wait.group[0] === wait ? 0 : Flag.sameGroup);

/** All holds and waits of these tasks, in the order in which they began. */
export function inOrder(tasks: readonly TaskState[]): (Hold | Wait)[] {
  const found: (Hold | Wait)[] = [];
  for (const { holds, waits } of tasks) {
    for (const hold of holds) found.push(hold);
    for (const wait of waits) found.push(wait);
  }
  return found.sort((a, b) => a.order - b.order);
}

export const isHold = (one: Hold | Wait): one is Hold => !("group" in one);
