import type { Thresholds } from "@lockscope/trace";
import type { Focus } from "./model/focus.js";
import type { TimelineState } from "./timeline/view.js";

/** The views below the timeline. */
export const TABS = [
  "state",
  "locks",
  "tasks",
  "events",
  "statistics",
  "graphs",
  "alarms",
  "compare",
] as const;
export type TabId = (typeof TABS)[number];

/** What the page keeps over a reload, or while the editor has thrown it away. */
export interface ViewState {
  readonly filter: string;
  readonly tab: TabId;
  /** Those that the user has set; else the host's, or the defaults. */
  readonly thresholds: Thresholds | undefined;
  /** Height of the timeline, in percent. */
  readonly share: number;
  /** Checked by the view that takes it. */
  readonly timeline: Partial<TimelineState> | undefined;
  readonly focus: Focus | undefined;
  /** The session that the focus and the timeline's part belong to. */
  readonly session: string | undefined;
}

/** What was saved, as far as it can be used: an older version may have saved it. */
export function readViewState(saved: unknown): ViewState {
  const state = (saved ?? {}) as Partial<Record<keyof ViewState, unknown>>;
  const { filter, tab, thresholds, share, timeline, focus, session } = state;
  return {
    filter: typeof filter === "string" ? filter : "",
    tab: TABS.find((id) => id === tab) ?? "state",
    thresholds: readThresholds(thresholds),
    share: typeof share === "number" && share >= 15 && share <= 85 ? share : 55,
    timeline: typeof timeline === "object" && timeline !== null ? timeline : undefined,
    focus: readFocus(focus),
    session: typeof session === "string" ? session : undefined,
  };
}

function readFocus(saved: unknown): Focus | undefined {
  const { type, id, file, line } = (saved ?? {}) as Partial<Record<"type" | "id" | "file" | "line", unknown>>;
  if ((type === "lock" || type === "task") && typeof id === "number") return { type, id };
  const isPlace = type === "place" && typeof file === "string" && typeof line === "number";
  return isPlace ? { type, file, line } : undefined;
}

function readThresholds(saved: unknown): Thresholds | undefined {
  const { heldMs, waitMs } = (saved ?? {}) as Partial<Record<keyof Thresholds, unknown>>;
  return isDuration(heldMs) && isDuration(waitMs) ? { heldMs, waitMs } : undefined;
}

/** A time that a threshold can have, in milliseconds. */
export const isDuration = (ms: unknown): ms is number =>
  typeof ms === "number" && ms > 0 && Number.isFinite(ms);
