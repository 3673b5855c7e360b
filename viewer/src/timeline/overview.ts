import {
  type Lane,
  type LockState,
  rankOf,
  Severity,
  type TaskState,
  type TraceStore,
} from "@lockscope/trace";

/** Twice the pixels of a usual screen: cells are merged, never split. */
const CELLS = 4096;
const FIRST_CELL_MS = 0.001;

/** How far a lane has been looked at. */
interface Seen {
  /** Closed spans. */
  count: number;
  /** The span under way and its rank, as one number; -1: none. */
  open: number;
}

/**
 * The worst state over all lanes of one kind, in cells of equal length over the whole trace: exact for each cell.
 * An update looks only at what is new; when the trace outgrows the cells, each two become one.
 */
export class Overview {
  readonly ranks = new Uint8Array(CELLS);
  start = 0;
  cellMs = FIRST_CELL_MS;
  #store: TraceStore | undefined;
  #seen: Seen[] = [];
  #nowCell = 0;
  #stuck: ReadonlySet<TaskState | LockState> | undefined;

  /** @param stuck the tasks and locks whose wait under way can never end */
  update(
    store: TraceStore,
    of: "tasks" | "locks",
    now: number,
    stuck: ReadonlySet<TaskState | LockState>,
  ): void {
    // The first rows, and those of a thread that is late, bring the beginning forward.
    if (store !== this.#store || store.startTime !== this.start) this.#begin(store);
    while (now >= this.start + CELLS * this.cellMs) this.#merge();
    const nowCell = this.#cellOf(now);
    for (const [index, { lane }] of store.live[of].entries()) {
      this.#seen[index] ??= { count: 0, open: -1 };
      this.#look(store, lane, this.#seen[index], nowCell);
    }
    for (const thing of stuck) {
      if ("phase" in thing !== (of === "tasks")) continue;
      const { openSpan } = thing.lane;
      if (openSpan < 0 || store.live.spans.severity[openSpan] !== Severity.wait) continue;
      const since = stuck === this.#stuck ? this.#nowCell : this.#cellOf(store.live.spans.start[openSpan]!);
      this.ranks.fill(rankOf(Severity.stuck, 0), since, nowCell + 1);
    }
    this.#stuck = stuck;
    this.#nowCell = nowCell;
  }

  /** The highest rank from one instant to another. */
  worst(from: number, to: number): number {
    let worst = 0;
    const last = Math.min(this.#nowCell, Math.ceil((to - this.start) / this.cellMs) - 1);
    for (let cell = Math.max(0, this.#cellOf(from)); cell <= last; cell++) {
      if (this.ranks[cell]! > worst) worst = this.ranks[cell]!;
    }
    return worst;
  }

  #cellOf(time: number): number {
    return Math.floor((time - this.start) / this.cellMs);
  }

  #begin(store: TraceStore): void {
    this.#store = store;
    this.start = store.startTime;
    this.cellMs = FIRST_CELL_MS;
    this.ranks.fill(0);
    this.#seen = [];
    this.#nowCell = 0;
    this.#stuck = undefined;
  }

  #merge(): void {
    const { ranks } = this;
    for (let cell = 0; cell < CELLS / 2; cell++) {
      ranks[cell] = Math.max(ranks[2 * cell]!, ranks[2 * cell + 1]!);
    }
    ranks.fill(0, CELLS / 2);
    this.cellMs *= 2;
    this.#nowCell >>= 1;
  }

  #look(store: TraceStore, lane: Lane, seen: Seen, nowCell: number): void {
    const { openSpan } = lane;
    const { spans } = store.live;
    const open =
      openSpan < 0 ? -1 : openSpan * 64 + rankOf(spans.severity[openSpan]!, spans.waiters[openSpan]!);
    const closed = openSpan < 0 ? lane.spans.length : lane.spans.length - 1;
    const grown = closed !== seen.count || open !== seen.open;
    if (seen.count < lane.spans.length) {
      const from = grown ? Math.max(0, this.#cellOf(lane.startOf(seen.count))) : this.#nowCell;
      const out = this.ranks.subarray(from, nowCell + 1);
      lane.raiseRanks(out, this.start + from * this.cellMs, this.cellMs, out.length);
    }
    seen.count = closed;
    seen.open = open;
  }
}
