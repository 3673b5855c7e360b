import type { LiveState } from "../live-state.js";
import { Mode } from "../schema.js";
import type { Hold, LockState, TaskState, Wait } from "../state.js";
import type { Alarm, Thresholds } from "./alarm.js";
import { heldAlarm, starvingAlarm } from "./compose-alarm.js";
import { hasOwner } from "./order-watch.js";
import type { Wording } from "./wording.js";

/** More that is over and was too long is forgotten: the first ones say enough. */
const MAX_OVER = 100;
/** What has lasted for longer than all of these may be told too early. */
const MAX_STANDSTILLS = 100;

/**
 * Locks that are held, and tasks that wait for locks, for longer than a threshold. A lock is told of once, and
 * again each time that it has become twice as bad.
 *
 * Only locks with an owner can be held too long: a permit of a semaphore is often meant to be kept.
 */
export class DurationWatch {
  #thresholds: Thresholds;
  /** The worst that was told of each lock, by its id, in milliseconds. */
  readonly #heldTold = new Map<number, number>();
  readonly #waitTold = new Map<number, number>();
  /** Ended since the last look, and too long. */
  readonly #over: ({ readonly time: number } & ({ readonly hold: Hold } | { readonly wait: Wait }))[] = [];
  /** When the program stood still, in this order. */
  readonly #standstills: { readonly from: number; readonly to: number }[] = [];
  /** The state at the last look at everything, and when that was. */
  #version = -1;
  #looked = Number.NEGATIVE_INFINITY;
  /** When the next of the holds and waits that were there would be too long. */
  #due = Number.NEGATIVE_INFINITY;

  constructor(thresholds: Thresholds) {
    this.#thresholds = thresholds;
  }

  get thresholds(): Thresholds {
    return this.#thresholds;
  }

  set thresholds(thresholds: Thresholds) {
    this.#thresholds = thresholds;
    this.#due = Number.NEGATIVE_INFINITY;
  }

  /** A debugger held the program: nothing has lasted too long because it lasted through that. */
  stoodStill(from: number, to: number): void {
    this.#standstills.push({ from, to });
    if (this.#standstills.length > MAX_STANDSTILLS) this.#standstills.shift();
  }

  isHeldLong(time: number, { since, lock }: Hold): boolean {
    const { heldMs } = this.#thresholds;
    return time - since > heldMs && hasOwner(lock) && this.#lasted(since, time) > heldMs;
  }

  isWaitLong(time: number, { since, lock, mode }: Wait): boolean {
    const { waitMs } = this.#thresholds;
    if (time - since <= waitMs || lock === undefined || !isLockMode(mode)) return false;
    return this.#lasted(since, time) > waitMs;
  }

  released(time: number, hold: Hold): void {
    if (!this.isHeldLong(time, hold) || this.#over.length >= MAX_OVER) return;
    if (this.#isWorse(this.#heldTold, hold.lock, this.#lasted(hold.since, time)))
      this.#over.push({ time, hold });
  }

  unblocked(time: number, wait: Wait): void {
    if (!this.isWaitLong(time, wait) || this.#over.length >= MAX_OVER) return;
    if (this.#isWorse(this.#waitTold, wait.lock!, this.#lasted(wait.since, time)))
      this.#over.push({ time, wait });
  }

  /** Whether there may be something to tell. What has begun since the last look has its time yet to pass. */
  isDue({ graphVersion }: LiveState, now: number): boolean {
    return this.#over.length > 0 || this.#isPassed(graphVersion, now);
  }

  /**
   * @param waiting the tasks that wait
   * @param stuck those among them that wait for ever: that is told in another way
   */
  look(
    live: LiveState,
    waiting: Iterable<TaskState>,
    stuck: ReadonlySet<TaskState>,
    now: number,
    words: Wording,
  ): Alarm[] {
    const alarms: Alarm[] = this.#over
      .splice(0)
      .map((each) =>
        "hold" in each
          ? heldAlarm(each.hold, each.time, true, words)
          : starvingAlarm(each.wait, each.wait.lock!, each.time, true, words),
      );
    if (!this.#isPassed(live.graphVersion, now)) return alarms;
    this.#version = live.graphVersion;
    this.#looked = now;
    this.#due = Number.POSITIVE_INFINITY;
    const { heldMs, waitMs } = this.#thresholds;
    for (const task of waiting) {
      if (stuck.has(task)) continue;
      for (const wait of task.waits) {
        const { lock, since, mode } = wait;
        if (lock === undefined || !isLockMode(mode)) continue;
        if (this.#isTooLong(this.#waitTold, lock, since, waitMs, now)) {
          alarms.push(starvingAlarm(wait, lock, now, false, words));
        }
      }
    }
    for (const lock of live.locks) {
      const hold = hasOwner(lock) ? lock.holders.oldest : undefined;
      if (hold === undefined || stuck.has(hold.task)) continue;
      if (this.#isTooLong(this.#heldTold, lock, hold.since, heldMs, now)) {
        alarms.push(heldAlarm(hold, now, false, words));
      }
    }
    return alarms;
  }

  #isPassed(version: number, now: number): boolean {
    const { heldMs, waitMs } = this.#thresholds;
    return now >= this.#due || (version !== this.#version && now >= this.#looked + Math.min(heldMs, waitMs));
  }

  /** If it is not yet, notes when it will be. */
  #isTooLong(
    told: Map<number, number>,
    lock: LockState,
    since: number,
    threshold: number,
    now: number,
  ): boolean {
    const lasted = this.#lasted(since, now);
    const isNews = lasted > threshold && this.#isWorse(told, lock, lasted);
    const next = now - lasted + Math.max(threshold, 2 * (told.get(lock.id) ?? 0));
    // A threshold that is just reached is passed a moment later.
    this.#due = Math.min(this.#due, Math.max(next, now + 1));
    return isNews;
  }

  /** How long, but for when the program stood still. */
  #lasted(since: number, until: number): number {
    let lasted = until - since;
    for (const { from, to } of this.#standstills) {
      lasted -= Math.max(0, Math.min(until, to) - Math.max(since, from));
    }
    return lasted;
  }

  #isWorse(told: Map<number, number>, { id }: LockState, duration: number): boolean {
    if (duration < 2 * (told.get(id) ?? 0)) return false;
    told.set(id, duration);
    return true;
  }
}

const isLockMode = (mode: Mode) => mode === Mode.exclusive || mode === Mode.shared;
