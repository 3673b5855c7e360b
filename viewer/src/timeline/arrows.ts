/** Who waits for whom at an instant, and who woke whom at the end of a span, as arrows between lanes in sight. */
import {
  type DeadlockCycle,
  type Lane,
  type LockState,
  Mode,
  NO_HOLDER,
  Severity,
  type TaskState,
  type TraceStore,
} from "@lockscope/trace";
import type { LaneRow, TimelineRow } from "./rows.js";
import { wakesAtEnd } from "./wakes.js";

/** From one row to another, by index, at one instant. */
export interface Arrow {
  readonly from: number;
  readonly to: number;
  readonly time: number;
  /** It waits for the other, it does so for ever, or it woke the other. */
  readonly kind: "wait" | "stuck" | "wake";
}

/** More of them would be a tangle; the chosen lane's own come first. */
const MAX_ARROWS = 48;

type Thing = TaskState | LockState;

/** When the last task of a cycle began to wait. */
export const closedAt = ({ edges }: DeadlockCycle): number =>
  edges.reduce((latest, { wait }) => Math.max(latest, wait.since), 0);

export class ArrowFinder {
  readonly #store: TraceStore;
  readonly #rows: readonly TimelineRow[];
  readonly #index = new Map<Thing, number>();

  constructor(store: TraceStore, rows: readonly TimelineRow[]) {
    this.#store = store;
    this.#rows = rows;
    for (const [index, row] of rows.entries()) {
      const thing = row.type === "heading" ? undefined : (row.task ?? row.lock);
      if (thing !== undefined) this.#index.set(thing, index);
    }
  }

  /**
   * The cycles closed by then, and, of the other waits at that instant, those of the chosen lane. Between tasks:
   * from who waits to who holds. Where there are only locks: from the one held to the one waited for meanwhile.
   */
  waits(time: number, chosenRow: number, cycles: readonly DeadlockCycle[]): Arrow[] {
    const closed = cycles.filter((cycle) => closedAt(cycle) <= time);
    const arrows = closed.flatMap((cycle) => this.#cycle(cycle, time));
    const stuck = new Set<unknown>(
      closed.flatMap(({ edges }) => edges.flatMap(({ from, wait }) => [from, wait.lock])),
    );
    for (const [index, row] of this.#rows.entries()) {
      if (chosenRow < 0 || arrows.length >= MAX_ARROWS) break;
      if (row.type === "heading") continue;
      const to = this.#waitsFor(row, time);
      if (to === undefined || (index !== chosenRow && to !== chosenRow)) continue;
      const known = arrows.some((arrow) => arrow.from === index && arrow.to === to);
      const kind = stuck.has(row.task ?? row.lock) ? "stuck" : "wait";
      if (!known) arrows.push({ from: index, to, time, kind });
    }
    return arrows.slice(0, MAX_ARROWS);
  }

  /** Who ended the wait that this span is, or whom the end of this hold woke. */
  wakes(row: LaneRow, span: number): Arrow[] {
    const time = this.#store.live.spans.end[span]!;
    return wakesAtEnd(this.#store, row, span).flatMap(({ waker, woken }): Arrow[] => {
      const [from, to] = [this.#taskRow(waker), this.#taskRow(woken)];
      return from === undefined || to === undefined ? [] : [{ from, to, time, kind: "wake" }];
    });
  }

  #cycle({ edges }: DeadlockCycle, time: number): Arrow[] {
    return edges.flatMap(({ from, to, wait }, position): Arrow[] => {
      const next = edges[(position + 1) % edges.length]!.wait.lock;
      const tasks = [this.#index.get(from), this.#index.get(to)];
      const locks = [wait.lock && this.#index.get(wait.lock), next && this.#index.get(next)];
      const [start, end] = tasks.includes(undefined) ? locks : tasks;
      if (start === undefined || end === undefined) return [];
      return [{ from: start, to: end, time, kind: "stuck" }];
    });
  }

  /** The row of what stands in the way of this row's task, or of this lock's holder. */
  #waitsFor(row: LaneRow, time: number): number | undefined {
    const { live } = this.#store;
    const task = row.task ?? this.#holder(row.lane, time);
    const lock = task && this.#awaited(task.lane, time);
    if (lock === undefined) return undefined;
    if (row.type === "lock") return lock.lane === row.lane ? undefined : this.#index.get(lock);
    const holder = this.#holder(lock.lane, time);
    return holder === undefined || holder === task ? undefined : this.#index.get(live.findTask(holder.id)!);
  }

  /** The lock that a task's lane shows it to wait for. */
  #awaited(lane: Lane, time: number): LockState | undefined {
    const { live } = this.#store;
    const span = this.#spanAt(lane, time);
    if (span === undefined || live.spans.severity[span] !== Severity.wait) return undefined;
    return live.spans.mode[span] === Mode.join ? undefined : live.findLock(live.spans.subject[span]!);
  }

  /** The task that a lock's lane names. */
  #holder(lane: Lane, time: number): TaskState | undefined {
    const { live } = this.#store;
    const span = this.#spanAt(lane, time);
    if (span === undefined || live.spans.mode[span] === NO_HOLDER) return undefined;
    return live.findTask(live.spans.subject[span]!);
  }

  #spanAt(lane: Lane, time: number): number | undefined {
    const { start, end } = this.#store.live.spans;
    const span = lane.spans[lane.firstEndingAfter(time)];
    return span !== undefined && start[span]! <= time && end[span]! > time ? span : undefined;
  }

  #taskRow(id: number): number | undefined {
    const task = this.#store.live.findTask(id);
    return task && this.#index.get(task);
  }
}
