import type { TraceStore } from "@lockscope/trace";
import type { Geometry } from "./geometry.js";
import type { Palette } from "./palette.js";
import type { TimelineRow } from "./rows.js";

/** What one frame shows. */
export interface Scene {
  readonly store: TraceStore;
  readonly rows: readonly TimelineRow[];
  readonly geometry: Geometry;
  readonly now: number;
  /** Index of the row that is chosen by keyboard or lies under the pointer; -1: none. */
  readonly chosenRow: number;
  readonly hoverRow: number;
  /** Id of the task that a debugger holds. */
  readonly stoppedTask: number | undefined;
}

/** Colours to paint it in. */
export interface PaintStyle {
  readonly palette: Palette;
  readonly inkOnHold: string;
  readonly inkOnBlocking: string;
}
