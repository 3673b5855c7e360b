import type { Site } from "@lockscope/trace";
import type { SpanText } from "./span-text.js";

/** What the timeline tells the page around it. */
export interface TimelineEvents {
  /** A source place was asked for. */
  open(site: Site): void;
  /** A span was clicked whose place this is. */
  clicked(site: Site): void;
  /** Something changed at the user's wish that the page shows or keeps. */
  viewChanged(): void;
  /** What is under the pointer, or chosen by keyboard; `undefined`: none. */
  pointed(target: Pointed | undefined): void;
  /** The user wants to say which instant to go to. */
  askForTime(): void;
  showHelp(): void;
}

/** A lane, a span of it, or a mark, in words. */
export interface PointedThing {
  readonly kind: string;
  readonly label: string;
  readonly text: SpanText;
}

export interface Pointed extends PointedThing {
  /** How many spans lie that close together. */
  readonly among: number;
  /** CSS pixels from the canvas's corner. */
  readonly x: number;
  readonly y: number;
  readonly byKeyboard: boolean;
}
