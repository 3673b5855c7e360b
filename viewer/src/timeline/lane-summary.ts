import { Severity, type TraceStore } from "@lockscope/trace";
import { findWorst } from "./lane-search.js";
import type { LaneRow } from "./rows.js";
import { spanText } from "./span-text.js";
import type { TimeRange } from "./time-window.js";

/** A lane in words, for those who cannot see it. */
export interface LaneSummary {
  readonly row: LaneRow;
  /** What it shows at the instant asked for. */
  readonly state: string;
  /** Waits that can be seen: of the task, or for the lock. {@link MAX_COUNT} means that many or more. */
  readonly waits: number;
  /** The longest of them, in milliseconds, as far as it lies in view. */
  readonly longest: number;
}

export const MAX_COUNT = 200;

/** O(waits in view, {@link MAX_COUNT} at most). */
export function summarize(
  store: TraceStore,
  row: LaneRow,
  range: TimeRange,
  at: number,
  now: number,
): LaneSummary {
  const { lane } = row;
  const { start, end } = store.live.spans;
  const severity = row.type === "lock" ? Severity.blocking : Severity.wait;
  const last = lane.firstStartingFrom(range.end);
  let waits = 0;
  let longest = 0;
  let position = findWorst(lane, lane.firstEndingAfter(range.start), 1, severity);
  while (position >= 0 && position < last && waits < MAX_COUNT) {
    const span = lane.spans[position]!;
    waits++;
    const visible = Math.min(end[span]!, range.end, now) - Math.max(start[span]!, range.start);
    longest = Math.max(longest, visible);
    position = findWorst(lane, position + 1, 1, severity);
  }
  return { row, state: stateAt(store, row, at, now), waits, longest };
}

function stateAt(store: TraceStore, row: LaneRow, at: number, now: number): string {
  const { start, end } = store.live.spans;
  const { lane, lifetime } = row;
  const span = lane.spans[lane.firstEndingAfter(at)];
  if (span !== undefined && start[span]! <= at && end[span]! > at)
    return spanText(store, row, span, now).sentence;
  if (lifetime === undefined) return "free";
  if (at < lifetime.from) return "not started";
  return at < lifetime.to ? "running" : "ended";
}
