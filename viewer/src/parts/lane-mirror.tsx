import { formatCount, formatDuration, formatInstant, plural } from "../model/format.js";
import { type LaneSummary, MAX_COUNT, summarize } from "../timeline/lane-summary.js";
import type { Timeline } from "../timeline/timeline.js";
import { useChanges } from "./moment.js";
import { usePage } from "./page.js";

/** What the canvas shows is told again so seldom: a screen reader reads, it does not watch. */
const INTERVAL_MS = 500;

/** The lanes in view as a table, for screen readers: a canvas tells them nothing. */
export function LaneMirror({ timeline }: { readonly timeline: Timeline }) {
  const { session, view } = usePage();
  useChanges(timeline, INTERVAL_MS);
  useChanges(view.cursor, INTERVAL_MS);
  const { store, now } = session;
  const { geometry, rows } = timeline;
  const { range } = geometry;
  const at = view.cursor.time ?? now;
  const lanes = rows
    .slice(...geometry.visibleRows(rows.length))
    .flatMap((row) => (row.type === "heading" ? [] : [summarize(store, row, range, at, now)]));
  const isStopped = ({ row }: LaneSummary) => row.type === "task" && row.id === session.stopped?.task;
  const waiting = lanes.filter(({ waits }) => waits > 0).length;
  // Read out at every change: it must not tick along with a program that runs.
  const follows = session.state === "live" && view.window.follow && view.cursor.time === undefined;
  const span = follows ? "Up to now" : `${formatInstant(range.start)} to ${formatInstant(range.end)}`;
  return (
    <div class="visually-hidden">
      <p id="lanes-summary" aria-live="polite">
        {`${span}: ${plural(lanes.length, "lane")} in view, `}
        {`waits in ${formatCount(waiting)} of them. `}
        {view.cursor.time === undefined ? "State of now." : `State at ${formatInstant(at)}.`}
      </p>
      <table id="lanes" aria-label="Lanes in view">
        <thead>
          <tr>
            <th scope="col">Lane</th>
            <th scope="col">State</th>
            <th scope="col">Waits in view</th>
            <th scope="col">Longest wait in view</th>
          </tr>
        </thead>
        <tbody>
          {lanes.map((lane) => (
            <tr key={`${lane.row.type} ${lane.row.id}`} data-lane={lane.row.label}>
              <th scope="row">{`${lane.row.kind || "task"} ${lane.row.label}`}</th>
              <td>{isStopped(lane) ? `${lane.state}, stopped by the debugger` : lane.state}</td>
              <td>{countText(lane)}</td>
              <td>{lane.waits === 0 ? "" : formatDuration(lane.longest)}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  );
}

const countText = ({ waits }: LaneSummary): string =>
  waits < MAX_COUNT ? String(waits) : `${formatCount(MAX_COUNT)} or more`;
