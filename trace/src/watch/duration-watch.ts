import type { LiveState } from "../live-state.js";
import { Mode } from "../schema.js";
import type { Hold, LockState, TaskState, Wait } from "../state.js";
import type { Alarm, Thresholds } from "./alarm.js";
import { heldAlarm, starvingAlarm } from "./compose-alarm.js";
import { hasOwner } from "./order-watch.js";
import type { Wording } from "./wording.js";

/** More that is over and was too long is forgotten: the first ones say enough. */
const MAX_OVER = 100;

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

  isHeldLong(time: number, { since, lock }: Hold): boolean {
    return time - since > this.#thresholds.heldMs && hasOwner(lock);
  }

  isWaitLong(time: number, { since, lock, mode }: Wait): boolean {
    return time - since > this.#thresholds.waitMs && lock !== undefined && isLockMode(mode);
  }

  released(time: number, hold: Hold): void {
    if (!this.isHeldLong(time, hold) || this.#over.length >= MAX_OVER) return;
    if (this.#isWorse(this.#heldTold, hold.lock, time - hold.since)) this.#over.push({ time, hold });
  }

  unblocked(time: number, wait: Wait): void {
    if (!this.isWaitLong(time, wait) || this.#over.length >= MAX_OVER) return;
    if (this.#isWorse(this.#waitTold, wait.lock!, time - wait.since)) this.#over.push({ time, wait });
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
    const isNews = now - since > threshold && this.#isWorse(told, lock, now - since);
    const next = since + Math.max(threshold, 2 * (told.get(lock.id) ?? 0));
    // A threshold that is just reached is passed a moment later.
    this.#due = Math.min(this.#due, Math.max(next, now + 1));
    return isNews;
  }

  #isWorse(told: Map<number, number>, { id }: LockState, duration: number): boolean {
    if (duration < 2 * (told.get(id) ?? 0)) return false;
    told.set(id, duration);
    return true;
  }
}

const isLockMode = (mode: Mode) => mode === Mode.exclusive || mode === Mode.shared;
