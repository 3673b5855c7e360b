import type { TimelineState } from "./timeline/view.js";

/** What the page keeps over a reload, or while the editor has thrown it away. */
export interface ViewState {
  readonly filter: string;
  /** Height of the timeline, in percent. */
  readonly share: number;
  /** Checked by the view that takes it. */
  readonly timeline: Partial<TimelineState> | undefined;
  /** The session that the timeline's part belongs to. */
  readonly session: string | undefined;
}

/** What was saved, as far as it can be used: an older version may have saved it. */
export function readViewState(saved: unknown): ViewState {
  const state = (saved ?? {}) as Partial<Record<keyof ViewState, unknown>>;
  const { filter, share, timeline, session } = state;
  return {
    filter: typeof filter === "string" ? filter : "",
    share: typeof share === "number" && share >= 15 && share <= 85 ? share : 55,
    timeline: typeof timeline === "object" && timeline !== null ? timeline : undefined,
    session: typeof session === "string" ? session : undefined,
  };
}
