import { type DeadlockCycle, findDeadlocks, type LeakedTask, waitingTasks } from "../deadlocks.js";
import type { TraceFollower } from "../follower.js";
import { Replay } from "../questions/replay.js";
import { EndReason, MarkLevel } from "../schema.js";
import type { Site } from "../sites.js";
import type { LockState, TaskState } from "../state.js";
import { TraceStore } from "../store.js";
import { type Alarm, DEFAULT_THRESHOLDS, type Thresholds } from "./alarm.js";
import { deadlockAlarm, inversionAlarm, leakAlarm, refusedAlarm, selfRelockAlarm } from "./compose-alarm.js";
import { DurationWatch } from "./duration-watch.js";
import { OrderWatch } from "./order-watch.js";
import { Wording } from "./wording.js";

/** What a watch looks at: a store, or whoever else follows a trace. */
export type WatchSource = Pick<TraceFollower, "live" | "sites" | "marks" | "end">;

/** A ring that may be none, as rows were lost, has to last this long. */
const PATIENCE_MS = 500;

/**
 * The detectors: deadlocks, tasks that lock twice, locks taken in opposite orders, locks held and waited for too
 * long, tasks left waiting. It listens to the live state from its first look on, so that what is over by the next
 * look is not missed. If the source is a store that has rows by then, it goes through them: O(rows), once.
 */
export class Watch {
  readonly #place: ((site: Site) => string) | undefined;
  readonly #durations: DurationWatch;
  #orders: OrderWatch | undefined;
  #source: WatchSource | undefined;
  /** Those that wait now. */
  readonly #waiting = new Set<TaskState>();
  /** Those that can never go on, at the last look, as far as that has been told. */
  #stuck: ReadonlySet<TaskState> = new Set();
  /** The locks of deadlocks, by id: orders that have come to one are told. */
  readonly #deadlocked = new Set<number>();
  #version = -1;
  #ordersVersion = 0;
  /** When a ring that may be none will have lasted long enough. */
  #patienceEnds = Number.POSITIVE_INFINITY;
  #marks = 0;
  #ended = false;
  readonly #told = new Set<string>();

  /** @param options.place how texts write a place; see {@link Wording} */
  constructor(
    thresholds: Partial<Thresholds> = {},
    options: { readonly place?: (site: Site) => string } = {},
  ) {
    this.#place = options.place;
    this.#durations = new DurationWatch({ ...DEFAULT_THRESHOLDS, ...thresholds });
  }

  /** They count from the next look on; what has been told is not told again. */
  set thresholds(thresholds: Thresholds) {
    this.#durations.thresholds = thresholds;
  }

  /** A debugger held the program: what lasted through that is not too long because of it. In milliseconds. */
  stoodStill(from: number, to: number): void {
    this.#durations.stoodStill(from, to);
  }

  /** The orders in which locks were taken, from the first look on. */
  get orders(): OrderWatch | undefined {
    return this.#orders;
  }

  /**
   * What is new since the last look. Costs nothing when nothing has changed and no threshold was passed, else
   * O(waiting tasks), and now and then O(locks).
   * @param now milliseconds since the program's time origin
   */
  look(source: WatchSource, now: number): Alarm[] {
    if (this.#source === undefined) this.#listen(source);
    const { live, end, marks } = source;
    const ending = end !== undefined && !this.#ended;
    const changed = live.graphVersion !== this.#version;
    const orders = this.#orders!;
    const durationsDue = !live.lossy && this.#durations.isDue(live, now);
    if (
      !ending &&
      !changed &&
      !durationsDue &&
      now < this.#patienceEnds &&
      (orders.version === this.#ordersVersion || live.lossy) &&
      marks.length === this.#marks
    ) {
      return [];
    }
    this.#version = live.graphVersion;
    const words = new Wording(source.sites, {
      now,
      ...(this.#place !== undefined && { place: this.#place }),
    });
    const alarms: Alarm[] = [...this.#refused(source, words)];
    if (changed || ending || now >= this.#patienceEnds) alarms.push(...this.#deadlocks(source, now, words));
    // Who seems to have had two locks, or one for long, may have given it back in a row that was lost.
    if (orders.version !== this.#ordersVersion && !live.lossy)
      alarms.push(...this.#inversions(orders, words));
    const leaks = ending ? this.#leaks(source, words) : [];
    const waiting = leaks.length > 0 ? [] : this.#waiting;
    if (!live.lossy) alarms.push(...this.#durations.look(live, waiting, this.#stuck, now, words));
    alarms.push(...leaks);
    this.#ended ||= ending;
    return alarms;
  }

  #listen(source: WatchSource): void {
    const { live } = source;
    this.#source = source;
    const orders = new OrderWatch(live);
    const durations = this.#durations;
    const waiting = this.#waiting;
    this.#orders = orders;
    if (source instanceof TraceStore && source.eventCount > 0) this.#catchUp(source, orders);
    for (const task of live.tasks) if (task.waits.size > 0) waiting.add(task);
    live.observer = {
      acquired: (time, task, lock, mode, site, tried) => orders.acquired(time, task, lock, mode, site, tried),
      released: (time, hold) => durations.released(time, hold),
      blocked(time, wait) {
        waiting.add(wait.task);
        orders.blocked(time, wait);
      },
      unblocked(time, wait) {
        if (wait.task.waits.size === 0) waiting.delete(wait.task);
        durations.unblocked(time, wait);
      },
    };
  }

  /** What has happened before the first look: told of by a state made from the same rows. */
  #catchUp(store: TraceStore, orders: OrderWatch): void {
    const { live } = store;
    const durations = this.#durations;
    const task = ({ id }: TaskState, time: number) => live.task(id, time);
    const lock = ({ id }: LockState, time: number) => live.lock(id, time);
    new Replay(store, Number.NEGATIVE_INFINITY, {
      acquired: (time, ...taken) => orders.acquired(time, ...taken),
      blocked: (time, wait) => orders.blocked(time, wait),
      released(time, hold) {
        if (!durations.isHeldLong(time, hold)) return;
        durations.released(time, { ...hold, task: task(hold.task, time), lock: lock(hold.lock, time) });
      },
      unblocked(time, wait) {
        if (wait.lock === undefined || !durations.isWaitLong(time, wait)) return;
        durations.unblocked(time, { ...wait, task: task(wait.task, time), lock: lock(wait.lock, time) });
      },
    }).advance(Number.POSITIVE_INFINITY);
  }

  #deadlocks({ end, live }: WatchSource, now: number, words: Wording): Alarm[] {
    this.#patienceEnds = Number.POSITIVE_INFINITY;
    if (this.#waiting.size === 0) return [];
    const ended = end?.reason === EndReason.stuck;
    const report = findDeadlocks({ tasks: this.#waiting }, { ended });
    const believed = report.cycles.filter((cycle) => ended || this.#isBelieved(cycle, now, live.lossy));
    const members = believed.flatMap(({ edges }) => edges.map(({ from }) => from));
    this.#stuck = new Set(members.length === 0 ? [] : [...members, ...report.behind]);
    return believed
      .filter((cycle) => this.#isNews(keyOf(cycle)))
      .map((cycle) => {
        for (const { wait } of cycle.edges) if (wait.lock !== undefined) this.#deadlocked.add(wait.lock.id);
        return selfRelockAlarm(cycle, words) ?? deadlockAlarm(cycle, report, words);
      });
  }

  /**
   * A ring of one is believed when the wait is too long in any case: the task may be several calls, of which
   * another has the lock. Where rows were lost any ring has to last: somebody may have given back what he seems to
   * have.
   */
  #isBelieved({ edges, certain }: DeadlockCycle, now: number, lossy: boolean): boolean {
    if (certain && !lossy) return true;
    if (!certain && (edges.length > 1 || edges[0]!.from.forked)) return false;
    const youngest = edges.reduce((time, { wait }) => Math.max(time, wait.since), 0);
    const patienceEnds = youngest + (certain ? PATIENCE_MS : this.#durations.thresholds.waitMs);
    if (now >= patienceEnds) return true;
    this.#patienceEnds = Math.min(this.#patienceEnds, patienceEnds);
    return false;
  }

  #refused({ marks }: WatchSource, words: Wording): Alarm[] {
    const fresh = marks.slice(this.#marks);
    this.#marks = marks.length;
    return fresh.flatMap((mark) => {
      if (mark.level !== MarkLevel.error || mark.lock === undefined) return [];
      const key = `refused ${mark.task.id} ${mark.lock.id}`;
      return this.#isNews(key) ? [refusedAlarm(mark, mark.lock, words)] : [];
    });
  }

  /** One pair of places makes one alarm, however many pairs of locks are taken there. */
  #inversions(orders: OrderWatch, words: Wording): Alarm[] {
    this.#ordersVersion = orders.version;
    return orders.inversions.flatMap((inversion) => {
      const { steps, certain } = inversion;
      const places = steps.map(({ edge, witness: { firstSite, secondSite } }) =>
        firstSite === 0 || secondSite === 0 ? `lock ${edge.first.id}` : `${firstSite} ${secondSite}`,
      );
      if (!certain || steps.every(({ edge }) => this.#deadlocked.has(edge.first.id))) return [];
      return this.#isNews(`order ${places.sort().join()}`) ? [inversionAlarm(inversion, words)] : [];
    });
  }

  /** Tasks left waiting, by what they wait for and where; those in a deadlock have had their alarm. */
  #leaks({ end }: WatchSource, words: Wording): Alarm[] {
    if (end?.reason !== EndReason.stuck) return [];
    const left = waitingTasks({ tasks: this.#waiting }).filter(({ task }) => !this.#stuck.has(task));
    const groups = new Map<string, LeakedTask[]>();
    for (const leaked of left) {
      const { mode, site, lock, joins } = leaked.waits[0]!;
      const key = site === 0 ? `${mode} ${lock?.id ?? joins?.id}` : `${mode} at ${site}`;
      const group = groups.get(key);
      if (group === undefined) groups.set(key, [leaked]);
      else group.push(leaked);
    }
    return [...groups.values()].map((leaked) => leakAlarm(leaked, end.time, words));
  }

  #isNews(key: string): boolean {
    if (this.#told.has(key)) return false;
    this.#told.add(key);
    return true;
  }
}

/** The same tasks in the same ring. */
function keyOf({ edges }: DeadlockCycle): string {
  return edges
    .map(({ from, wait }) => `${from.id}:${wait.lock?.id ?? `task ${wait.joins?.id}`}`)
    .sort()
    .join();
}
