import type { TraceStore } from "@lockscope/trace";
import type { LaneRow } from "./rows.js";

export interface Hit {
  /** Index into the span columns. */
  readonly span: number;
  /** How many spans lie that close together. */
  readonly among: number;
}

/** More spans than this are not looked through one by one. */
const MAX_LOOK = 2000;

/** The span at `time`, or the worst one within `reach` milliseconds of it. */
export function spanAt(store: TraceStore, row: LaneRow, time: number, reach: number): Hit | undefined {
  const { spans } = store.live;
  const { lane } = row;
  const first = Math.min(lane.firstEndingAfter(time - reach), lane.firstStartingFrom(time - reach));
  const last = lane.firstStartingFrom(time + reach);
  const among = last - first;
  if (among <= 0) return undefined;
  let best = -1;
  let bestRank = -1;
  for (let position = first; position < Math.min(last, first + MAX_LOOK); position++) {
    const span = lane.spans[position]!;
    const inside = spans.start[span]! <= time && spans.end[span]! > time;
    const rank = spans.severity[span]! + (inside && among <= 3 ? 10 : 0);
    if (rank > bestRank) [best, bestRank] = [span, rank];
  }
  return { span: best, among };
}
