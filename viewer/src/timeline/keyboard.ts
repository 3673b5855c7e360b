import { stepChange, stepDeadlock, stepMark, stepRow, stepSpan, stepWait } from "./navigate.js";
import type { TimeRange } from "./time-window.js";
import type { Timeline } from "./timeline.js";

const PAN = 0.1;
const ZOOM = 1.5;
/** Share of the view by which the cursor moves. */
const SCRUB = 0.01;

export interface KeyBinding {
  /** As `KeyboardEvent.key` has them; with Shift where a letter is upper case or the name says so. */
  readonly keys: readonly string[];
  readonly text: string;
  act(timeline: Timeline): void;
}

/** Every key that the timeline knows; the page shows the same list as help. */
export const keyGroups: readonly { readonly title: string; readonly bindings: readonly KeyBinding[] }[] = [
  {
    title: "Move",
    bindings: [
      { keys: ["ArrowLeft"], text: "earlier", act: (it) => pan(it, -PAN) },
      { keys: ["ArrowRight"], text: "later", act: (it) => pan(it, PAN) },
      { keys: ["+", "="], text: "zoom in", act: (it) => zoom(it, 1 / ZOOM) },
      { keys: ["-"], text: "zoom out", act: (it) => zoom(it, ZOOM) },
      { keys: ["0"], text: "show all", act: (it) => it.window.showAll() },
      { keys: ["Home"], text: "to the beginning", act: (it) => it.window.toStart(it.whole) },
      { keys: ["End"], text: "to the end", act: (it) => it.window.toEnd() },
      { keys: ["f"], text: "follow the present, or stop", act: toggleFollow },
    ],
  },
  {
    title: "Lanes and spans",
    bindings: [
      { keys: ["ArrowUp"], text: "lane above", act: (it) => stepRow(it, -1) },
      { keys: ["ArrowDown"], text: "lane below", act: (it) => stepRow(it, 1) },
      { keys: ["PageUp"], text: "ten lanes up", act: (it) => stepRow(it, -10) },
      { keys: ["PageDown"], text: "ten lanes down", act: (it) => stepRow(it, 10) },
      { keys: ["]", "Shift+ArrowRight"], text: "next span of the lane", act: (it) => stepSpan(it, 1) },
      { keys: ["[", "Shift+ArrowLeft"], text: "previous span", act: (it) => stepSpan(it, -1) },
      { keys: ["w"], text: "next wait (of the lane, if one is chosen)", act: (it) => stepWait(it, 1) },
      { keys: ["W"], text: "previous wait", act: (it) => stepWait(it, -1) },
      { keys: ["d"], text: "next deadlock", act: (it) => stepDeadlock(it, 1) },
      { keys: ["D"], text: "previous deadlock", act: (it) => stepDeadlock(it, -1) },
      { keys: ["Enter"], text: "show the source", act: openChosen },
      { keys: ["1"], text: "locks only", act: (it) => it.view.setMode("locks") },
      { keys: ["2"], text: "tasks only", act: (it) => it.view.setMode("tasks") },
      { keys: ["3"], text: "locks and tasks", act: (it) => it.view.setMode("both") },
      { keys: ["4"], text: "the longest waits first, or as they came", act: toggleOrder },
    ],
  },
  {
    title: "Cursor: the state at an instant",
    bindings: [
      { keys: ["c"], text: "to the chosen span, or into view", act: cursorToChosen },
      { keys: [","], text: "back", act: (it) => scrub(it, -SCRUB) },
      { keys: ["."], text: "forward", act: (it) => scrub(it, SCRUB) },
      { keys: ["<"], text: "far back", act: (it) => scrub(it, -10 * SCRUB) },
      { keys: [">"], text: "far forward", act: (it) => scrub(it, 10 * SCRUB) },
      { keys: ["e"], text: "next change (of the lane, if one is chosen)", act: (it) => stepChange(it, 1) },
      { keys: ["E"], text: "previous change", act: (it) => stepChange(it, -1) },
      { keys: ["m"], text: "next remark (a triangle on the axis)", act: (it) => stepMark(it, 1) },
      { keys: ["M"], text: "previous remark", act: (it) => stepMark(it, -1) },
      { keys: ["n"], text: "now: the present", act: (it) => it.view.cursor.set(undefined) },
      { keys: ["g"], text: "go to a time", act: (it) => it.events.askForTime() },
    ],
  },
  {
    title: "Range: what statistics are about",
    bindings: [
      { keys: ["s"], text: "select the chosen span, or all in view", act: selectChosen },
      { keys: ["i"], text: "from the cursor on", act: (it) => selectFrom(it, "start") },
      { keys: ["o"], text: "up to the cursor", act: (it) => selectFrom(it, "end") },
      { keys: ["z"], text: "zoom to the range", act: zoomToSelection },
      { keys: ["x"], text: "no range", act: (it) => it.view.selection.clear() },
      { keys: ["Escape"], text: "let go: of the span, the range, the cursor", act: letGo },
      { keys: ["?"], text: "this list", act: (it) => it.events.showHelp() },
    ],
  },
];

const actions = new Map(
  keyGroups.flatMap(({ bindings }) =>
    bindings.flatMap(({ keys, act }) => keys.map((key) => [key, act] as const)),
  ),
);

export function handleKey(timeline: Timeline, event: KeyboardEvent): void {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const act =
    (event.shiftKey ? actions.get(`Shift+${event.key}`) : undefined) ??
    actions.get(event.key) ??
    (event.getModifierState("CapsLock") ? actions.get(event.key.toLowerCase()) : undefined);
  if (act === undefined) return;
  event.preventDefault();
  // What it says is told of the place where it was; whoever goes to a lane or a span says it anew.
  timeline.events.pointed(undefined);
  act(timeline);
  timeline.events.viewChanged();
  timeline.invalidate();
}

function pan(timeline: Timeline, share: number): void {
  const { range } = timeline.geometry;
  timeline.window.pan((range.end - range.start) * share, timeline.whole);
}

/** At the chosen span, the cursor or the middle: whichever is in view. */
export function zoom(timeline: Timeline, factor: number): void {
  const { range } = timeline.geometry;
  const span = timeline.chosenSpan >= 0 ? timeline.spanRange(timeline.chosenSpan) : undefined;
  const wanted = span === undefined ? timeline.view.cursor.time : (span.start + span.end) / 2;
  const inView = wanted !== undefined && wanted >= range.start && wanted <= range.end;
  timeline.zoom(factor, inView ? wanted : (range.start + range.end) / 2);
}

function toggleFollow(timeline: Timeline): void {
  timeline.window.setFollow(!timeline.window.follow, timeline.whole);
}

export function toggleOrder({ view }: Timeline): void {
  view.setOrder(view.order === "seen" ? "waited" : "seen");
}

function scrub(timeline: Timeline, share: number): void {
  const { start, end } = timeline.geometry.range;
  const { cursor } = timeline.view;
  timeline.goTo((cursor.time ?? end) + share * (end - start));
}

function cursorToChosen(timeline: Timeline): void {
  const { range } = timeline.geometry;
  const { chosenSpan } = timeline;
  timeline.goTo(chosenSpan >= 0 ? timeline.spanRange(chosenSpan).start : (range.start + range.end) / 2);
}

function selectChosen(timeline: Timeline): void {
  const { chosenSpan, geometry } = timeline;
  const { start, end } = chosenSpan >= 0 ? timeline.spanRange(chosenSpan) : geometry.range;
  timeline.view.selection.set(start, end);
}

function selectFrom(timeline: Timeline, side: keyof TimeRange): void {
  const { selection, cursor } = timeline.view;
  const { range } = timeline.geometry;
  const at = cursor.time ?? timeline.whole.end;
  const before = selection.range ?? range;
  const [start, end] = side === "start" ? [at, before.end] : [before.start, at];
  // The other side of an older range may lie on the wrong side of the cursor.
  if (start < end) selection.set(start, end);
  else selection.set(at, side === "start" ? Math.max(range.end, at) : Math.min(range.start, at));
}

export function zoomToSelection(timeline: Timeline): void {
  const { range } = timeline.view.selection;
  if (range !== undefined) timeline.window.show(range, timeline.whole);
  else if (timeline.chosenSpan >= 0) {
    timeline.window.show(timeline.spanRange(timeline.chosenSpan), timeline.whole);
  }
}

function openChosen(timeline: Timeline): void {
  const row = timeline.laneRow(timeline.chosenRow);
  if (row === undefined) return;
  const site =
    timeline.chosenSpan >= 0 ? timeline.describe(row, timeline.chosenSpan).site : timeline.siteOf(row);
  if (site !== undefined) timeline.events.open(site);
}

function letGo(timeline: Timeline): void {
  const { cursor, selection } = timeline.view;
  if (timeline.chosenSpan >= 0) timeline.choose(timeline.chosenRow, -1);
  else if (selection.range !== undefined) selection.clear();
  else if (cursor.time !== undefined) cursor.set(undefined);
  else timeline.choose(-1, -1);
}
