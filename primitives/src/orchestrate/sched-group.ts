import type { CancelContext, Child } from "../context/cancel-context.js";
import type { Context } from "../context/context.js";
import { cancellerOf } from "../context/signal-context.js";
import { syncError } from "../misuse.js";
import {
  type Alarm,
  type Entry,
  granted,
  instrument,
  type Named,
  now,
  park,
  Resource,
  ready,
  spawn,
  startAlarm,
  Waiter,
} from "../runtime/index.js";
import { DeadlineHeap, type Due } from "./deadline-heap.js";
import { needed } from "./work.js";

interface Scheduled extends Due {
  readonly fn: () => unknown;
}

/**
 * Work that starts at set times (mdlayher's `schedgroup`): a heap and one timer, however much is
 * scheduled. When its context ends, what has not started never does.
 *
 * Each piece runs in a task of its own; what it throws ends the process, as a panic of any task does. Work
 * that is scheduled keeps the process alive, as a `setTimeout` does.
 */
export class SchedGroup extends Resource implements Child {
  readonly #ctx: Context;
  /** What ends the context; followed only while something is scheduled. */
  readonly #source: CancelContext | null;
  readonly #scheduled = new DeadlineHeap<Scheduled>();
  #numbers = 0;
  #running = 0;
  #alarm: Alarm | null = null;
  #waited = false;
  #waiter: Waiter | null = null;

  /** @throws {SyncError} `nil context provided` */
  constructor(ctx: Context, options?: Named) {
    needed(ctx);
    super(options);
    this.#ctx = ctx;
    this.#source = cancellerOf(ctx);
  }

  /** @internal */
  get kind(): string {
    return "SchedGroup";
  }

  /** How much has not ended: what is scheduled, and what runs. */
  get count(): number {
    return this.#scheduled.length + this.#running;
  }

  /**
   * Starts `fn` in `ms` milliseconds; at once if that is not above zero. Does nothing when the context has
   * ended.
   *
   * @throws {SyncError} `schedgroup: attempted to schedule task after Group.Wait was called`
   * @throws {RangeError} for no number
   */
  delay(ms: number, fn: () => unknown): void {
    this.#schedule(ms, fn, SchedGroup.prototype.delay);
  }

  /** As {@link SchedGroup.delay}, at a time of day. */
  schedule(at: Date, fn: () => unknown): void {
    this.#schedule(at.getTime() - Date.now(), fn, SchedGroup.prototype.schedule);
  }

  /**
   * Waits until all that was scheduled has run and ended. Nothing can be scheduled from now on.
   *
   * @throws the cause of the context (as a rejection) when it ends first
   * @throws {SyncError} (as a rejection) `schedgroup: multiple calls to Group.Wait`
   */
  wait(): Promise<void> {
    if (this.#waited) {
      return Promise.reject(syncError("schedgroup-wait", "schedgroup: multiple calls to Group.Wait", this));
    }
    this.#waited = true;
    const { signal } = this.#ctx;
    if (signal.aborted) return Promise.reject(signal.reason);
    if (this.count === 0) {
      if (instrument !== null) instrument.event("wait", this, 0, SchedGroup.prototype.wait);
      return granted;
    }
    this.#waiter = new Waiter(this, "wait");
    return park(this.#waiter, signal, SchedGroup.prototype.wait);
  }

  /** @internal The context has ended. */
  end(): null {
    const dropped = this.#scheduled.length;
    this.#scheduled.clear();
    this.#alarm?.cancel();
    if (instrument !== null && dropped > 0) instrument.event("add", this, -dropped, SchedGroup);
    return null;
  }

  #schedule(ms: number, fn: () => unknown, entry: Entry): void {
    if (this.#waited) {
      const text = "schedgroup: attempted to schedule task after Group.Wait was called";
      throw syncError("schedgroup-after-wait", text, this);
    }
    if (Number.isNaN(ms)) throw new RangeError("SchedGroup: not a time");
    if (this.#source !== null && this.#source.ending !== null) return;
    if (instrument !== null) instrument.event("add", this, 1, entry);
    if (this.#scheduled.length === 0) this.#source?.adopt(this);
    const task = { at: now() + Math.max(0, ms), number: this.#numbers++, fn };
    this.#scheduled.push(task);
    if (this.#scheduled.top === task) this.#arm();
  }

  /** Sets the timer to what is due next. */
  #arm(): void {
    this.#alarm?.cancel();
    const { top } = this.#scheduled;
    if (top === undefined) this.#source?.disown(this);
    else this.#alarm = startAlarm(top.at - now(), () => this.#ring());
  }

  #ring(): void {
    const time = now();
    for (let { top } = this.#scheduled; top !== undefined && top.at <= time; { top } = this.#scheduled) {
      this.#scheduled.pop();
      this.#start(top.fn);
    }
    this.#arm();
  }

  #start(fn: () => unknown): void {
    this.#running++;
    const counted = async () => {
      try {
        return await fn();
      } finally {
        this.#running--;
        this.#ended();
      }
    };
    spawn(counted, { name: fn.name }, SchedGroup);
  }

  #ended(): void {
    if (instrument !== null) instrument.event("add", this, -1, SchedGroup);
    if (this.count > 0 || this.#waiter === null || this.#waiter.aborted) return;
    ready(this.#waiter, undefined);
    this.#waiter = null;
  }
}
