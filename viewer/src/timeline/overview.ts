import {
  type Lane,
  type LockState,
  Severity,
  type SpanColumns,
  severityOfRank,
  type TaskState,
  type TraceStore,
} from "@lockscope/trace";
import { Coverage } from "./coverage.js";

/** Twice the pixels of a usual screen: cells are merged, never split. */
const CELLS = 4096;
const FIRST_CELL_MS = 0.001;
const SEVERITIES = 1 + Severity.stuck;

/** How far a lane has been looked at. */
interface Seen {
  /** Closed spans. */
  count: number;
  /** The span under way; -1: none. */
  open: number;
  severity: number;
  start: number;
}

/**
 * The worst state over all lanes of one kind, in cells of equal length over the whole trace: exact for each cell.
 * An update looks only at what is new; when the trace outgrows the cells, each two become one.
 */
export class Overview {
  /** The worst severity of each cell. */
  readonly severities = new Uint8Array(CELLS);
  start = 0;
  cellMs = FIRST_CELL_MS;
  #store: TraceStore | undefined;
  #seen: Seen[] = [];
  #coverage = new Coverage(SEVERITIES, CELLS);
  /** Of lanes that had more new spans than cells. */
  readonly #crowded = new Uint8Array(CELLS);
  readonly #ranks = new Uint8Array(CELLS);
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
    while (now >= this.start + CELLS * this.cellMs) this.#halve();
    const { spans } = store.live;
    for (const [index, { lane }] of store.live[of].entries()) {
      this.#seen[index] ??= { count: 0, open: -1, severity: 0, start: 0 };
      this.#look(spans, lane, this.#seen[index]);
    }
    if (stuck !== this.#stuck) {
      this.#stuck = stuck;
      this.#coverage.clear(Severity.stuck);
      for (const thing of stuck)
        if ("phase" in thing === (of === "tasks")) this.#markStuck(spans, thing.lane);
    }
    this.severities.set(this.#crowded);
    this.#coverage.raise(this.severities, Math.min(CELLS, this.#cellOf(now) + 1));
  }

  /** The worst severity from one instant to another. */
  worst(from: number, to: number): number {
    let worst = 0;
    const last = Math.min(CELLS, Math.ceil((to - this.start) / this.cellMs)) - 1;
    for (let cell = Math.max(0, this.#cellOf(from)); cell <= last; cell++) {
      if (this.severities[cell]! > worst) worst = this.severities[cell]!;
    }
    return worst;
  }

  #cellOf(time: number): number {
    return Math.floor((time - this.start) / this.cellMs);
  }

  /** The last cell that a span covers. */
  #lastCellOf(start: number, end: number): number {
    const cell = this.#cellOf(end);
    return end > start && this.start + cell * this.cellMs === end ? cell - 1 : cell;
  }

  #begin(store: TraceStore): void {
    this.#store = store;
    this.start = store.startTime;
    this.cellMs = FIRST_CELL_MS;
    this.#seen = [];
    this.#coverage = new Coverage(SEVERITIES, CELLS);
    this.#crowded.fill(0);
    this.severities.fill(0);
    this.#stuck = undefined;
  }

  #halve(): void {
    const crowded = this.#crowded;
    for (let cell = 0; cell < CELLS / 2; cell++) {
      crowded[cell] = Math.max(crowded[2 * cell]!, crowded[2 * cell + 1]!);
    }
    crowded.fill(0, CELLS / 2);
    this.#coverage.halve();
    this.cellMs *= 2;
  }

  #look({ start, end, severity }: SpanColumns, lane: Lane, seen: Seen): void {
    const open = lane.openSpan;
    const closed = open < 0 ? lane.count : lane.count - 1;
    const isSame = (span: number) => severity[span] === seen.severity && start[span] === seen.start;
    if (closed === seen.count && open === seen.open && (open < 0 || isSame(open))) return;
    let next = seen.count;
    if (seen.open >= 0) {
      const span = lane.spanAt(next);
      if (next < closed && span === seen.open && isSame(span)) {
        this.#coverage.end(seen.severity, this.#lastCellOf(seen.start, end[span]!));
        next++;
      } else {
        // It was taken back, and perhaps another has its number now.
        this.#coverage.retract(seen.severity, this.#cellOf(seen.start));
      }
    }
    if (closed - next > CELLS) this.#lookAtCrowd(lane, next, closed);
    else {
      for (; next < closed; next++) {
        const span = lane.spanAt(next);
        this.#coverage.begin(severity[span]!, this.#cellOf(start[span]!));
        this.#coverage.end(severity[span]!, this.#lastCellOf(start[span]!, end[span]!));
      }
    }
    seen.count = closed;
    seen.open = open;
    if (open < 0) return;
    seen.severity = severity[open]!;
    seen.start = start[open]!;
    this.#coverage.begin(seen.severity, this.#cellOf(seen.start));
  }

  /** Cell by cell is quicker than span by span. */
  #lookAtCrowd(lane: Lane, from: number, to: number): void {
    const first = this.#cellOf(lane.startOf(from));
    const count = this.#cellOf(lane.startOf(to - 1)) + 1 - first;
    const ranks = this.#ranks.fill(0, 0, count);
    lane.raiseRanks(ranks, this.start + first * this.cellMs, this.cellMs, count);
    for (let cell = 0; cell < count; cell++) {
      const severity = severityOfRank(ranks[cell]!);
      if (severity > this.#crowded[first + cell]!) this.#crowded[first + cell] = severity;
    }
  }

  #markStuck({ start, severity }: SpanColumns, { openSpan }: Lane): void {
    if (openSpan < 0 || severity[openSpan] !== Severity.wait) return;
    this.#coverage.begin(Severity.stuck, this.#cellOf(start[openSpan]!));
  }
}
