/** What the user looks at: shared by the timeline and the panels beside it, and kept over a reload. */
import { TimeCursor } from "./cursor.js";
import { Observable } from "./observable.js";
import { RangeSelection } from "./selection.js";
import { TimeWindow, type WindowState } from "./time-window.js";

/** Which lanes there are. */
export type LaneMode = "both" | "locks" | "tasks";

/** In which order: as they were first seen, or those with the longest waits first. */
export type LaneOrder = "seen" | "waited";

export interface TimelineState {
  readonly window: WindowState;
  readonly mode: LaneMode;
  readonly order: LaneOrder;
  readonly cursor?: number;
  readonly selection?: readonly [start: number, end: number];
}

/** Changes by itself when the mode or the order does; window, cursor and selection have to be followed one by one. */
export class TimelineView extends Observable {
  readonly window = new TimeWindow();
  readonly cursor = new TimeCursor();
  readonly selection = new RangeSelection();
  #mode: LaneMode = "both";
  #order: LaneOrder = "seen";

  get mode(): LaneMode {
    return this.#mode;
  }

  setMode(mode: LaneMode): void {
    if (mode === this.#mode) return;
    this.#mode = mode;
    this.changed();
  }

  get order(): LaneOrder {
    return this.#order;
  }

  setOrder(order: LaneOrder): void {
    if (order === this.#order) return;
    this.#order = order;
    this.changed();
  }

  /** Begins anew, for another trace: an instant of one program means nothing in another. */
  reset(): void {
    this.window.showAll();
    this.cursor.set(undefined);
    this.selection.clear();
  }

  save(): TimelineState {
    const { range } = this.selection;
    return {
      window: this.window.save(),
      mode: this.#mode,
      order: this.#order,
      ...(this.cursor.time === undefined ? {} : { cursor: this.cursor.time }),
      ...(range === undefined ? {} : { selection: [range.start, range.end] }),
    };
  }

  /** Takes what `save` gave, as far as it can be used: an older page may have saved it. */
  restore(saved: unknown): void {
    if (typeof saved !== "object" || saved === null) return;
    const { window, mode, order, cursor, selection } = saved as Partial<Record<keyof TimelineState, unknown>>;
    if (typeof window === "object" && window !== null) this.window.restore(window);
    if (mode === "both" || mode === "locks" || mode === "tasks") this.setMode(mode);
    if (order === "seen" || order === "waited") this.setOrder(order);
    if (typeof cursor === "number" && Number.isFinite(cursor)) this.cursor.set(cursor);
    if (Array.isArray(selection) && selection.length === 2 && selection.every(Number.isFinite)) {
      this.selection.set(selection[0], selection[1]);
    }
  }
}
