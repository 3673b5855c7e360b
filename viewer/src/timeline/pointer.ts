import { AXIS_HEIGHT } from "./geometry.js";
import { markAt, markInWords } from "./marks.js";
import type { Timeline } from "./timeline.js";
import type { PointedThing } from "./timeline-events.js";

const CLICK_SLACK = 3;
const LINE_PX = 16;
const MARK_REACH = 5;

/** What a drag does: moves the view, the cursor, one end of the selected range, or the scroll bar's thumb. */
type DragKind = "pan" | "scrub" | "select" | "scroll";

interface Drag {
  readonly kind: DragKind;
  readonly startX: number;
  readonly startY: number;
  x: number;
  y: number;
  moved: boolean;
}

/**
 * Wheel: zoom at the pointer; over the names scroll, with Shift move. Drag: move; in the axis: scrub; with Shift:
 * select a range. Click: choose a span, and show its source. Double click: select its time.
 */
export function handlePointer(timeline: Timeline): void {
  const { canvas } = timeline;
  let drag: Drag | undefined;

  const position = (event: MouseEvent) => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
  };
  const endDrag = () => {
    drag = undefined;
    canvas.classList.remove("dragging");
  };

  canvas.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const unit = event.deltaMode === WheelEvent.DOM_DELTA_LINE ? LINE_PX : 1;
      wheel(timeline, position(event).x, event.deltaX * unit, event.deltaY * unit, event.shiftKey);
    },
    { passive: false },
  );
  canvas.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const { x, y } = position(event);
    const kind = dragAt(timeline, x, y, event.shiftKey);
    drag = { kind, x, y, startX: x, startY: y, moved: false };
    canvas.setPointerCapture(event.pointerId);
    if (kind === "scrub") scrub(timeline, x);
    else if (kind === "scroll") scrollToThumb(timeline, y);
  });
  canvas.addEventListener("pointermove", (event) => {
    const { x, y } = position(event);
    if (drag === undefined) return point(timeline, x, y);
    if (Math.hypot(x - drag.startX, y - drag.startY) > CLICK_SLACK) drag.moved = true;
    if (!drag.moved) return;
    timeline.hover = undefined;
    timeline.events.pointed(undefined);
    if (drag.kind === "scrub") scrub(timeline, x);
    else if (drag.kind === "select") select(timeline, drag.startX, x);
    else if (drag.kind === "scroll") scroll(timeline, y - drag.y);
    else pan(timeline, drag, x, y);
    drag.x = x;
    drag.y = y;
  });
  canvas.addEventListener("pointerup", (event) => {
    const clicked = drag !== undefined && (drag.kind === "pan" || drag.kind === "select") && !drag.moved;
    endDrag();
    if (clicked) click(timeline, position(event).x, position(event).y);
  });
  canvas.addEventListener("dblclick", (event) => {
    const { x, y } = position(event);
    const target = timeline.hitAt(x, y);
    if (target === undefined) return;
    const { start, end } = timeline.spanRange(target.hit.span);
    timeline.view.selection.set(start, end);
  });
  canvas.addEventListener("pointercancel", endDrag);
  canvas.addEventListener("pointerleave", () => point(timeline, -1, -1));
}

function dragAt({ geometry, rows }: Timeline, x: number, y: number, shift: boolean): DragKind {
  if (geometry.isInScrollbar(x, y) && geometry.thumb(rows.length) !== undefined) return "scroll";
  if (x < geometry.gutter) return "pan";
  if (shift) return "select";
  return y < AXIS_HEIGHT ? "scrub" : "pan";
}

/** Brings the scroll bar's thumb under the pointer, if it is not there. */
function scrollToThumb(timeline: Timeline, y: number): void {
  const { top, height } = timeline.geometry.thumb(timeline.rows.length)!;
  if (y < top || y > top + height) scroll(timeline, y - (top + height / 2));
}

function scroll(timeline: Timeline, thumbPixels: number): void {
  const { geometry, rows } = timeline;
  timeline.scrollTo(timeline.scrollTop + thumbPixels * geometry.scrollPerPixel(rows.length));
}

/** The instant under a pointer that may have left the plot. */
function timeAt(timeline: Timeline, x: number): number {
  const { geometry, whole } = timeline;
  const inside = Math.min(Math.max(x, geometry.gutter), geometry.width);
  return Math.min(Math.max(geometry.timeAt(inside), whole.start), whole.end);
}

function scrub(timeline: Timeline, x: number): void {
  timeline.window.setFollow(false, timeline.whole);
  timeline.view.cursor.set(timeAt(timeline, x));
  timeline.events.viewChanged();
}

function select(timeline: Timeline, from: number, to: number): void {
  timeline.window.setFollow(false, timeline.whole);
  timeline.view.selection.set(timeAt(timeline, from), timeAt(timeline, to));
  timeline.events.viewChanged();
}

function pan(timeline: Timeline, drag: Drag, x: number, y: number): void {
  timeline.canvas.classList.add("dragging");
  timeline.window.pan((drag.x - x) * timeline.geometry.msPerPixel, timeline.whole);
  timeline.scrollTo(timeline.scrollTop + drag.y - y);
  timeline.events.viewChanged();
  timeline.invalidate();
}

function wheel(timeline: Timeline, x: number, deltaX: number, deltaY: number, shift: boolean): void {
  const { geometry, window, whole } = timeline;
  if (x < geometry.gutter) {
    timeline.scrollTo(timeline.scrollTop + deltaY);
  } else if (shift || Math.abs(deltaX) > Math.abs(deltaY)) {
    window.pan((deltaX || deltaY) * geometry.msPerPixel, whole);
  } else {
    timeline.zoom(Math.exp(Math.max(-200, Math.min(200, deltaY)) * 0.002), geometry.timeAt(x));
  }
  timeline.events.viewChanged();
  timeline.invalidate();
}

function point(timeline: Timeline, x: number, y: number): void {
  timeline.hover = x < 0 ? undefined : { x, y };
  const inAxis = y >= 0 && y < AXIS_HEIGHT && x >= timeline.geometry.gutter;
  const inScrollbar = dragAt(timeline, x, y, false) === "scroll";
  const target = x < 0 || inAxis || inScrollbar ? undefined : timeline.hitAt(x, y);
  const { classList } = timeline.canvas;
  classList.toggle("over-span", target !== undefined);
  classList.toggle("over-axis", inAxis);
  classList.toggle("over-scrollbar", inScrollbar);
  const thing = inAxis ? remarkAt(timeline, x) : target && timeline.inWords(target.row, target.hit.span);
  timeline.events.pointed(thing && { ...thing, among: target?.hit.among ?? 1, x, y, byKeyboard: false });
}

function remarkAt({ geometry, store }: Timeline, x: number): PointedThing | undefined {
  const mark = markAt(store.marks, geometry.timeAt(x), geometry.msPerPixel * MARK_REACH);
  return mark && markInWords(mark, store);
}

function click(timeline: Timeline, x: number, y: number): void {
  const index = timeline.geometry.rowAt(y);
  const row = timeline.laneRow(index);
  const target = timeline.hitAt(x, y);
  timeline.choose(row === undefined ? -1 : index, target?.hit.span ?? -1);
  if (target === undefined) return;
  const { site } = timeline.describe(target.row, target.hit.span);
  if (site !== undefined) timeline.events.clicked(site);
}
