import type { Timeline } from "./timeline.js";

const PAN = 0.1;
const ZOOM = 1.5;

/** Every key that the timeline knows; the page shows the same list as help. */
export function handleKey(timeline: Timeline, event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const act = event.shiftKey ? (withShift[event.key] ?? plain[event.key]) : plain[event.key];
  if (act === undefined) return;
  event.preventDefault();
  act(timeline);
  timeline.events.viewChanged();
  timeline.invalidate();
}

const plain: Record<string, (timeline: Timeline) => void> = {
  ArrowLeft: (timeline) => pan(timeline, -PAN),
  ArrowRight: (timeline) => pan(timeline, PAN),
  ArrowUp: (timeline) => stepRow(timeline, -1),
  ArrowDown: (timeline) => stepRow(timeline, 1),
  "+": (timeline) => zoom(timeline, 1 / ZOOM),
  "=": (timeline) => zoom(timeline, 1 / ZOOM),
  "-": (timeline) => zoom(timeline, ZOOM),
  "0": (timeline) => timeline.window.showAll(),
  Home: (timeline) => timeline.window.toStart(timeline.whole),
  End: (timeline) => timeline.window.toEnd(),
  f: (timeline) => timeline.window.setFollow(!timeline.window.follow, timeline.whole),
  F: (timeline) => timeline.window.setFollow(!timeline.window.follow, timeline.whole),
  "]": (timeline) => stepSpan(timeline, 1),
  "[": (timeline) => stepSpan(timeline, -1),
  Enter: openChosen,
  Escape: (timeline) => {
    timeline.choose(-1, -1);
    timeline.events.pointed(undefined);
  },
};

const withShift: Record<string, (timeline: Timeline) => void> = {
  ArrowLeft: (timeline) => stepSpan(timeline, -1),
  ArrowRight: (timeline) => stepSpan(timeline, 1),
};

function pan(timeline: Timeline, share: number): void {
  const { range } = timeline.geometry;
  timeline.window.pan((range.end - range.start) * share, timeline.whole);
}

function zoom(timeline: Timeline, factor: number): void {
  const { range } = timeline.geometry;
  const chosen = timeline.chosenSpan >= 0 ? timeline.spanRange(timeline.chosenSpan) : range;
  const middle = (chosen.start + chosen.end) / 2;
  const inView = middle >= range.start && middle <= range.end;
  timeline.window.zoom(factor, inView ? middle : (range.start + range.end) / 2, timeline.whole);
}

function stepRow(timeline: Timeline, step: number): void {
  let index = timeline.chosenRow;
  do index += step;
  while (timeline.rows[index]?.type === "heading");
  if (timeline.laneRow(index) === undefined) return;
  timeline.choose(index, -1);
  timeline.revealRow(index);
  announce(timeline);
}

/** To the next span of the chosen lane; without a chosen one, to the last that is in view. */
function stepSpan(timeline: Timeline, step: number): void {
  const row = timeline.laneRow(timeline.chosenRow);
  if (row === undefined) return stepRow(timeline, 1);
  const { spans } = row.lane;
  const { range } = timeline.geometry;
  const current = positionOf(spans, timeline.chosenSpan);
  const fresh = step > 0 ? row.lane.firstEndingAfter(range.start) : row.lane.firstStartingFrom(range.end) - 1;
  const position = current < 0 ? fresh : current + step;
  const span = spans[Math.min(Math.max(position, 0), spans.length - 1)];
  if (span === undefined) return;
  timeline.choose(timeline.chosenRow, span);
  timeline.window.reveal(timeline.spanRange(span), timeline.whole);
  announce(timeline);
}

/** Spans of a lane have rising numbers. */
function positionOf(spans: readonly number[], span: number): number {
  let low = 0;
  let high = spans.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (spans[middle]! < span) low = middle + 1;
    else high = middle;
  }
  return spans[low] === span ? low : -1;
}

function announce(timeline: Timeline): void {
  const row = timeline.laneRow(timeline.chosenRow);
  if (row === undefined) return;
  const { geometry, chosenSpan } = timeline;
  const text =
    chosenSpan >= 0
      ? timeline.describe(row, chosenSpan)
      : { label: "", sentence: `${row.lane.spans.length} spans`, time: "", site: undefined, place: "" };
  const x = chosenSpan >= 0 ? geometry.xAt(timeline.spanRange(chosenSpan).start) : geometry.gutter;
  timeline.events.pointed({
    row,
    text,
    among: 1,
    x: Math.min(Math.max(x, geometry.gutter), geometry.width - 20),
    y: geometry.rowTop(timeline.chosenRow),
    byKeyboard: true,
  });
}

function openChosen(timeline: Timeline): void {
  const row = timeline.laneRow(timeline.chosenRow);
  if (row === undefined) return;
  const site =
    timeline.chosenSpan >= 0 ? timeline.describe(row, timeline.chosenSpan).site : timeline.siteOf(row);
  if (site !== undefined) timeline.events.open(site);
}
