import type { Timeline } from "./timeline.js";

const CLICK_SLACK = 3;
const LINE_PX = 16;

/** Wheel: zoom at the pointer; over the labels, or with Shift, scroll. Drag: move. Click: show the source. */
export function handlePointer(timeline: Timeline): void {
  const { canvas } = timeline;
  let drag: { id: number; x: number; y: number; startX: number; startY: number; moved: boolean } | undefined;

  const position = (event: MouseEvent) => {
    const box = canvas.getBoundingClientRect();
    return { x: event.clientX - box.left, y: event.clientY - box.top };
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
    drag = { id: event.pointerId, x, y, startX: x, startY: y, moved: false };
    canvas.setPointerCapture(event.pointerId);
  });
  canvas.addEventListener("pointermove", (event) => {
    const { x, y } = position(event);
    if (drag === undefined) return point(timeline, x, y);
    if (Math.hypot(x - drag.startX, y - drag.startY) > CLICK_SLACK) drag.moved = true;
    if (!drag.moved) return;
    canvas.classList.add("dragging");
    timeline.hover = undefined;
    timeline.events.pointed(undefined);
    timeline.window.pan((drag.x - x) * timeline.geometry.msPerPixel, timeline.whole);
    timeline.scrollTo(timeline.scrollTop + drag.y - y);
    drag.x = x;
    drag.y = y;
    timeline.events.viewChanged();
    timeline.invalidate();
  });
  canvas.addEventListener("pointerup", (event) => {
    const clicked = drag !== undefined && !drag.moved;
    drag = undefined;
    canvas.classList.remove("dragging");
    if (clicked) click(timeline, position(event).x, position(event).y);
  });
  canvas.addEventListener("pointercancel", () => {
    drag = undefined;
    canvas.classList.remove("dragging");
  });
  canvas.addEventListener("pointerleave", () => point(timeline, -1, -1));
}

function wheel(timeline: Timeline, x: number, deltaX: number, deltaY: number, shift: boolean): void {
  const { geometry, window, whole } = timeline;
  if (x < geometry.gutter) {
    timeline.scrollTo(timeline.scrollTop + deltaY);
  } else if (shift || Math.abs(deltaX) > Math.abs(deltaY)) {
    window.pan((deltaX || deltaY) * geometry.msPerPixel, whole);
  } else {
    window.zoom(Math.exp(Math.max(-200, Math.min(200, deltaY)) * 0.002), geometry.timeAt(x), whole);
  }
  timeline.events.viewChanged();
  timeline.invalidate();
}

function point(timeline: Timeline, x: number, y: number): void {
  timeline.hover = x < 0 ? undefined : { x, y };
  const target = x < 0 ? undefined : timeline.hitAt(x, y);
  timeline.canvas.classList.toggle("over-span", target !== undefined);
  timeline.events.pointed(
    target && {
      row: target.row,
      text: timeline.describe(target.row, target.hit.span),
      among: target.hit.among,
      x,
      y,
      byKeyboard: false,
    },
  );
  timeline.invalidate();
}

function click(timeline: Timeline, x: number, y: number): void {
  const index = timeline.geometry.rowAt(y);
  const row = timeline.laneRow(index);
  const target = timeline.hitAt(x, y);
  timeline.choose(row === undefined ? -1 : index, target?.hit.span ?? -1);
  if (target === undefined) return;
  const { site } = timeline.describe(target.row, target.hit.span);
  if (site !== undefined) timeline.events.open(site);
}
