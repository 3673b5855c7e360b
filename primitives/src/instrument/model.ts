import type { LockKind, Mode } from "@lockscope/trace";
import type { Entry } from "../runtime/hooks.js";
import type { TaskRecord } from "../runtime/identity.js";
import type { Grip } from "../runtime/relock.js";
import type { Waiter } from "../runtime/waiter.js";
import type { Era } from "./eras.js";

/** A lock in somebody's hands. */
export interface Hold {
  /** null: the main program. */
  task: TaskRecord | null;
  mode: Mode;
  /** Milliseconds since the program's time origin. */
  since: number;
  site: number;
  /** A semaphore's permits; 1 of any other lock. */
  permits: number;
}

/** What is known of a primitive while it lives: kept in the primitive itself, to be found without a look-up. */
export interface LockNotes {
  /** In which the trace was told of it. One of an instrument that was plugged in before means nothing. */
  era: Era;
  /** The trace was told of it for good. */
  readonly lasting: boolean;
  readonly id: number;
  readonly kind: LockKind;
  /** "Mutex" */
  readonly type: string;
  readonly name: string;
  /** Where it was made. */
  readonly site: number;
  /** Threads share it: who holds it and who waits is not for one of them to know. */
  readonly common: boolean;
  /** In the order they took it. */
  readonly holders: Hold[];
  /** Those of them that travel with the code that took it; see {@link Relocks}. */
  readonly grips: Grip[];
}

/** What is known of a task: kept in the task itself. */
export interface TaskNotes {
  readonly by: object;
  readonly id: number;
}

/** A parked operation: kept in its waiter, to be found without a look-up. */
export interface Parked {
  readonly waiter: Waiter<never>;
  readonly since: number;
  readonly site: number;
  /** The public function that was called. */
  readonly entry: Entry;
  /** What becomes of a wait for a lock; null where nobody asks. */
  readonly grip: Grip | null;
  /** Where it stands in {@link Model.parked}. */
  at: number;
}

/** Holds that are kept for later; more are not held at a time by most programs. */
const MAX_SPARE = 256;

/** Who holds and who waits right now; what a stuck program is judged by. */
export class Model {
  /** Waits that only somebody else can end, in no order. */
  readonly parked: Parked[] = [];
  /**
   * Tasks that acted while one of their operations was parked: they run several calls side by side
   * (`Promise.all`), so the call that holds need not be the one that waits.
   */
  readonly forked = new WeakSet<TaskRecord>();
  /** In the notes of waits that end by themselves. */
  readonly #apart: Pick<Parked, "at"> = { at: 0 };
  /** Holds that are over: making one for each lock taken would be a good part of what tracing costs. */
  readonly #spare: Hold[] = [];

  park(waiter: Waiter<never>, since: number, site: number, entry: Entry, grip: Grip | null): void {
    const parked: Parked = { waiter, since, site, entry, grip, at: this.parked.length };
    waiter.notes = parked;
    this.parked.push(parked);
  }

  /**
   * Takes the notes on a wait that is over; undefined if it was never noted. The last one fills its place.
   */
  unpark(waiter: Waiter<never>): Parked | undefined {
    if (!this.isParked(waiter)) return undefined;
    const parked = waiter.notes as Parked;
    waiter.notes = undefined;
    const last = this.parked.pop()!;
    if (last !== parked) {
      last.at = parked.at;
      this.parked[parked.at] = last;
    }
    return parked;
  }

  /** Of a wait that ends by itself: nobody is judged by it. */
  setApart(waiter: Waiter<never>): void {
    waiter.notes = this.#apart;
  }

  /** Whether it has been noted: not if it began before there was a trace. */
  knows(waiter: Waiter<never>): boolean {
    return waiter.notes === this.#apart || this.isParked(waiter);
  }

  isParked(waiter: Waiter<never>): boolean {
    const parked = waiter.notes as Parked | undefined;
    return parked !== undefined && this.parked[parked.at] === parked;
  }

  acquire(
    lock: LockNotes,
    task: TaskRecord | null,
    mode: Mode,
    since: number,
    site: number,
    permits: number,
  ): void {
    const hold = this.#spare.pop();
    if (hold === undefined) {
      lock.holders.push({ task, mode, since, site, permits });
      return;
    }
    hold.task = task;
    hold.mode = mode;
    hold.since = since;
    hold.site = site;
    hold.permits = permits;
    lock.holders.push(hold);
  }

  /** Whose hold ends: the task's own if it has one, else the oldest, since any task may unlock. */
  release(lock: LockNotes, task: TaskRecord | null, mode: Mode, permits: number): void {
    const { holders } = lock;
    for (let left = permits; left > 0 && holders.length > 0; ) {
      const at = holders.length === 1 ? 0 : Math.max(0, indexOfOwn(holders, task, mode));
      const hold = holders[at]!;
      const given = Math.min(left, hold.permits);
      left -= given;
      hold.permits -= given;
      if (hold.permits > 0) continue;
      if (at === holders.length - 1) holders.pop();
      else holders.splice(at, 1);
      if (this.#spare.length < MAX_SPARE) this.#spare.push(hold);
    }
  }

  acted(task: TaskRecord | null): void {
    if (task !== null && task.waits > 0) this.forked.add(task);
  }
}

function indexOfOwn(holders: readonly Hold[], task: TaskRecord | null, mode: Mode): number {
  for (let at = 0; at < holders.length; at++) {
    if (holders[at]!.task === task && holders[at]!.mode === mode) return at;
  }
  return -1;
}
