import { NO_HOLDER, rankOf, Severity } from "@lockscope/trace";
import { LANE_HEIGHT, shapeOf } from "./patterns.js";
import type { LaneRow } from "./rows.js";
import type { PaintStyle, Scene } from "./scene.js";
import { spanText } from "./span-text.js";
import { shorten } from "./text-fit.js";

const MIN_LABEL_WIDTH = 26;
/** In a shape that is lower than this, a name needs a ground of its own. */
const MIN_LABEL_HEIGHT = 11;
/** Of a narrower span, an edge or an outline would leave nothing to be seen. */
const MIN_EDGED_WIDTH = 4;

/**
 * Names on the spans of a lane, and edges between neighbours of one colour, where there are not more spans than
 * pixels: then no span is wide enough for either, or few are.
 */
export function paintLabels(
  context: CanvasRenderingContext2D,
  scene: Scene,
  row: LaneRow,
  top: number,
  style: PaintStyle,
): void {
  const { geometry, store, now } = scene;
  const { spans } = store.live;
  const { start, end } = geometry.range;
  const first = row.lane.firstEndingAfter(start);
  const last = row.lane.firstStartingFrom(end);
  if (last - first > geometry.plotWidth) return;
  const middle = top + LANE_HEIGHT / 2 + 0.5;
  const inLane = row.lane.spans;
  for (let position = first; position < last; position++) {
    const span = inLane[position]!;
    const left = Math.max(geometry.gutter, geometry.xAt(spans.start[span]!));
    const right = Math.min(geometry.width, geometry.xAt(Math.min(spans.end[span]!, now)));
    if (right - left <= MIN_EDGED_WIDTH) continue;
    const severity = spans.severity[span]!;
    const shape = shapeOf(rankOf(severity, spans.waiters[span]!), style.palette, row.counter);
    if (style.palette.outlined && shape !== undefined && !shape.striped) {
      context.strokeStyle = style.palette.text;
      context.lineWidth = 1;
      const height = shape.bottom - shape.top - 1;
      context.strokeRect(left + 0.5, top + shape.top + 0.5, Math.max(1, right - left - 1), height);
    }
    if (shape !== undefined && left > geometry.gutter) {
      context.fillStyle = style.palette.background;
      context.fillRect(Math.round(left), top + 1, 1, LANE_HEIGHT - 2);
    }
    if (right - left < MIN_LABEL_WIDTH) continue;
    const solid =
      shape !== undefined &&
      shape.bottom - shape.top >= MIN_LABEL_HEIGHT &&
      (severity === Severity.hold || severity === Severity.blocking) &&
      !row.counter &&
      spans.mode[span] !== NO_HOLDER;
    // Stripes must stay in sight beside the name that covers them.
    const room = solid ? right - left - 10 : (right - left) * 0.6 - 8;
    const label = shorten(context, spanText(store, row, span, now).label, room);
    if (label === "") continue;
    if (solid) {
      context.fillStyle = severity === Severity.hold ? style.inkOnHold : style.inkOnBlocking;
      context.fillText(label, left + 5, top + (shape.top + shape.bottom) / 2 + 0.5);
    } else {
      // On stripes nothing can be read without a ground of its own.
      const width = context.measureText(label).width;
      context.fillStyle = style.palette.background;
      context.fillRect(left + 1, top + 2, width + 7, LANE_HEIGHT - 4);
      context.fillStyle = style.palette.text;
      context.fillText(label, left + 5, middle);
    }
  }
}
