/** What a program or its instrument remarked at an instant: small triangles that stand on the axis. */
import { type Mark, MarkLevel, type TraceStore } from "@lockscope/trace";
import { formatInstant, formatPlace } from "../model/format.js";
import { AXIS_HEIGHT, type Geometry } from "./geometry.js";
import type { Palette } from "./palette.js";
import type { PointedThing } from "./timeline-events.js";

const SIZE = 5;

/** One for each pixel, the worst: there may be ten thousand. */
export function paintMarks(
  context: CanvasRenderingContext2D,
  marks: readonly Mark[],
  geometry: Geometry,
  palette: Palette,
): void {
  const levels = new Map<number, number>();
  for (const { time, level } of marks) {
    const x = Math.round(geometry.xAt(time));
    if (x < geometry.gutter - SIZE || x > geometry.width + SIZE) continue;
    levels.set(x, Math.max(level, levels.get(x) ?? 0));
  }
  const colors = {
    [MarkLevel.info]: palette.dim,
    [MarkLevel.warning]: palette.wait,
    [MarkLevel.error]: palette.stuck,
  };
  for (const [x, level] of levels) {
    context.fillStyle = colors[level as MarkLevel];
    context.beginPath();
    context.moveTo(x, AXIS_HEIGHT - 1);
    context.lineTo(x - SIZE, AXIS_HEIGHT - 1 - 1.6 * SIZE);
    context.lineTo(x + SIZE, AXIS_HEIGHT - 1 - 1.6 * SIZE);
    context.fill();
  }
}

/** The worst mark within `reach` milliseconds of an instant. */
export function markAt(marks: readonly Mark[], time: number, reach: number): Mark | undefined {
  let worst: Mark | undefined;
  for (const mark of marks) {
    if (Math.abs(mark.time - time) > reach) continue;
    if (worst === undefined || mark.level > worst.level) worst = mark;
  }
  return worst;
}

/** The first mark after an instant, or the last before it, if `step` is -1. */
export function nextMark(marks: readonly Mark[], time: number, step: 1 | -1): Mark | undefined {
  let next: Mark | undefined;
  for (const mark of marks) {
    if ((mark.time - time) * step <= 0) continue;
    if (next === undefined || (mark.time - next.time) * step < 0) next = mark;
  }
  return next;
}

const levelNames: Readonly<Record<MarkLevel, string>> = {
  [MarkLevel.info]: "note",
  [MarkLevel.warning]: "warning",
  [MarkLevel.error]: "error",
};

export function markInWords(mark: Mark, store: TraceStore): PointedThing {
  const site = store.sites.get(mark.site);
  return {
    kind: mark.stop ? "stopped" : levelNames[mark.level],
    label: mark.task.name,
    text: {
      label: "",
      sentence: mark.text,
      time: formatInstant(mark.time),
      site,
      place: site === undefined ? "" : formatPlace(site),
    },
  };
}
