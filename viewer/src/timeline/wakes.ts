import { NO_HOLDER, Severity, type TraceStore, Wakers } from "@lockscope/trace";
import type { LaneRow } from "./rows.js";

/** Ids of two tasks, one of which let the other go on. */
export interface Wake {
  readonly waker: number;
  readonly woken: number;
}

/** More of them nobody reads. */
const MAX_WAKES = 48;
/** Rows of one moment have the same time, which is a multiple of 64 ns. */
const MOMENT_MS = 1e-6;

/** Whether a span is a wait, which somebody else ends, rather than a hold, whose end may let others go on. */
export const isWait = ({ live: { spans } }: TraceStore, row: LaneRow, span: number): boolean =>
  row.type === "task" && spans.severity[span] === Severity.wait;

/** Who ended the wait that this span is, or whom the end of this hold woke. O(log events) */
export function wakesAtEnd(store: TraceStore, row: LaneRow, span: number): Wake[] {
  const { spans } = store.live;
  const time = spans.end[span]!;
  const task = row.task?.id ?? (spans.mode[span] === NO_HOLDER ? undefined : spans.subject[span]!);
  if (task === undefined || time === Number.POSITIVE_INFINITY) return [];
  const waited = isWait(store, row, span);
  const wakes: Wake[] = [];
  const wakers = new Wakers();
  store.eventsBetween(time - MOMENT_MS, time, (event) => {
    const waker = wakers.of(event);
    if (waker === undefined || (waited ? event.task : waker) !== task || wakes.length >= MAX_WAKES) return;
    wakes.push({ waker, woken: event.task });
  });
  return wakes;
}
