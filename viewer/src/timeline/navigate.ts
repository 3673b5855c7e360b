/** Going from lane to lane, span to span and trouble to trouble: what the keys and buttons of the timeline do. */
import { type DeadlockCycle, Severity } from "@lockscope/trace";
import { plural } from "../model/format.js";
import { closedAt } from "./arrows.js";
import { findWorst, nextChange } from "./lane-search.js";
import { markInWords, nextMark } from "./marks.js";
import type { LaneRow } from "./rows.js";
import type { Timeline } from "./timeline.js";
import type { PointedThing } from "./timeline-events.js";

export function stepRow(timeline: Timeline, step: number): void {
  const direction = Math.sign(step);
  let index = Math.min(Math.max(timeline.chosenRow + step, 0), timeline.rows.length - 1);
  while (timeline.rows[index]?.type === "heading") index += direction;
  if (timeline.laneRow(index) === undefined) return;
  timeline.choose(index, -1);
  timeline.revealRow(index);
  announce(timeline);
}

/** To the next span of the chosen lane; without a chosen one, to the first or last that is in view. */
export function stepSpan(timeline: Timeline, step: 1 | -1): void {
  const row = timeline.laneRow(timeline.chosenRow);
  if (row === undefined) return stepRow(timeline, 1);
  const { spans } = row.lane;
  const position = positionFrom(timeline, row, step);
  const span = spans[Math.min(Math.max(position, 0), spans.length - 1)];
  if (span !== undefined) goToSpan(timeline, timeline.chosenRow, span);
}

/** To the next wait of the chosen lane, or of any while none is chosen. */
export function stepWait(timeline: Timeline, step: 1 | -1): void {
  let best: { readonly row: number; readonly span: number; readonly start: number } | undefined;
  for (const [index, row] of timeline.rows.entries()) {
    if (row.type === "heading" || (timeline.chosenRow >= 0 && index !== timeline.chosenRow)) continue;
    const severity = row.type === "lock" ? Severity.blocking : Severity.wait;
    const span = row.lane.spans[findWorst(row.lane, positionFrom(timeline, row, step), step, severity)];
    if (span === undefined) continue;
    const { start } = timeline.spanRange(span);
    if (best === undefined || (start - best.start) * step < 0) best = { row: index, span, start };
  }
  if (best !== undefined) goToSpan(timeline, best.row, best.span);
}

/** The cursor to the next change in the chosen lane, or in any while none is chosen. */
export function stepChange(timeline: Timeline, step: 1 | -1): void {
  const from = timeline.view.cursor.time ?? (step > 0 ? timeline.geometry.range.start : timeline.whole.end);
  let best: number | undefined;
  for (const [index, row] of timeline.rows.entries()) {
    if (row.type === "heading" || (timeline.chosenRow >= 0 && index !== timeline.chosenRow)) continue;
    const change = nextChange(row.lane, timeline.store.live.spans, from, step);
    if (change !== undefined && (best === undefined || (change - best) * step < 0)) best = change;
  }
  if (best !== undefined) timeline.goTo(best);
}

/** To the next moment at which a deadlock closed, its cycle drawn at the cursor. */
export function stepDeadlock(timeline: Timeline, step: 1 | -1): void {
  const from = timeline.view.cursor.time ?? (step > 0 ? timeline.whole.start - 1 : timeline.whole.end + 1);
  let next: DeadlockCycle | undefined;
  for (const cycle of timeline.cycles) {
    const time = closedAt(cycle);
    if ((time - from) * step <= 0) continue;
    if (next === undefined || (time - closedAt(next)) * step < 0) next = cycle;
  }
  if (next === undefined) return;
  const [edge] = next.edges;
  const things: readonly unknown[] = [edge?.from, edge?.wait.lock];
  const index = timeline.rows.findIndex(
    (row) => row.type !== "heading" && things.includes(row.task ?? row.lock),
  );
  timeline.goTo(closedAt(next));
  if (index < 0) return;
  timeline.choose(index, -1);
  timeline.revealRow(index);
  announce(timeline);
}

/** The cursor to the next remark, or the last before it. */
export function stepMark(timeline: Timeline, step: 1 | -1): void {
  const { store, view, whole } = timeline;
  const mark = nextMark(store.marks, view.cursor.time ?? (step > 0 ? whole.start - 1 : whole.end), step);
  if (mark === undefined) return;
  timeline.goTo(mark.time);
  const x = timeline.geometry.xAt(mark.time);
  timeline.events.pointed({ ...markInWords(mark, store), among: 1, x, y: 0, byKeyboard: true });
}

export function goToSpan(timeline: Timeline, row: number, span: number): void {
  timeline.choose(row, span);
  timeline.revealRow(row);
  timeline.window.reveal(timeline.spanRange(span), timeline.whole);
  announce(timeline);
}

/** Tells the page of the chosen lane or span. */
function announce(timeline: Timeline): void {
  const { geometry, chosenRow, chosenSpan } = timeline;
  const row = timeline.laneRow(chosenRow);
  if (row === undefined) return;
  const x = chosenSpan < 0 ? geometry.gutter : geometry.xAt(timeline.spanRange(chosenSpan).start);
  timeline.events.pointed({
    ...(chosenSpan < 0 ? laneInWords(row) : timeline.inWords(row, chosenSpan)),
    among: 1,
    x: Math.min(Math.max(x, geometry.gutter), geometry.width - 20),
    y: geometry.rowTop(chosenRow),
    byKeyboard: true,
  });
}

const laneInWords = ({ kind, label, lane }: LaneRow): PointedThing => ({
  kind,
  label,
  text: { label: "", sentence: plural(lane.count, "span"), time: "", site: undefined, place: "" },
});

/** Position of the span after or before the chosen one; else of the one at the cursor, the first or the last in view. */
function positionFrom(timeline: Timeline, { lane }: LaneRow, step: 1 | -1): number {
  const current = positionOf(lane.spans, timeline.chosenSpan);
  if (current >= 0) return current + step;
  const { start, end } = timeline.geometry.range;
  const cursor = timeline.view.cursor.time ?? Number.NaN;
  const from = cursor >= start && cursor <= end ? cursor : step > 0 ? start : end;
  return step > 0 ? lane.firstEndingAfter(from) : lane.firstStartingFrom(from) - 1;
}

/** Spans of a lane have rising numbers. */
function positionOf(spans: Uint32Array, span: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (spans[middle]! < span) low = middle + 1;
    else high = middle;
  }
  return spans[low] === span ? low : -1;
}
