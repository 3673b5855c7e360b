import type { Site } from "@lockscope/trace";
import type { LaneRow } from "./rows.js";
import type { SpanText } from "./span-text.js";

/** What the timeline tells the page around it. */
export interface TimelineEvents {
  /** A source place was chosen. */
  open(site: Site): void;
  /** Something changed at the user's wish that the page shows or keeps. */
  viewChanged(): void;
  /** The span under the pointer, or chosen by keyboard; `undefined`: none. */
  pointed(target: PointedSpan | undefined): void;
  /** The user wants to say which instant to go to. */
  askForTime(): void;
  showHelp(): void;
}

export interface PointedSpan {
  readonly row: LaneRow;
  readonly text: SpanText;
  /** How many spans lie that close together. */
  readonly among: number;
  /** CSS pixels from the canvas's corner. */
  readonly x: number;
  readonly y: number;
  readonly byKeyboard: boolean;
}
