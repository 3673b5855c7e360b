import type { TaskState } from "@lockscope/trace";
import type { Timeline } from "../timeline/timeline.js";
import { isWait, wakesAtEnd } from "../timeline/wakes.js";
import { useChanges } from "./moment.js";
import { TaskName } from "./names.js";
import { usePage } from "./page.js";
import { Place } from "./place.js";

/** A span under way grows with every frame; it is read, not watched. */
const INTERVAL_MS = 100;
const MAX_NAMES = 3;

/** The chosen span in words, for as long as it is chosen: with its place, and who let whom go on at its end. */
export function ChosenSpan({ timeline }: { readonly timeline: Timeline }) {
  const { session } = usePage();
  useChanges(timeline, INTERVAL_MS);
  const { store } = session;
  const { chosenSpan: span } = timeline;
  const row = timeline.laneRow(timeline.chosenRow);
  if (row === undefined || span < 0) return null;
  const { sentence, time } = timeline.describe(row, span);
  const waited = isWait(store, row, span);
  const others = wakesAtEnd(store, row, span)
    .map(({ waker, woken }) => store.live.findTask(waited ? waker : woken))
    .filter((task) => task !== undefined);
  return (
    <p id="chosen-span" class="chosen-span">
      <span class="dim">{row.kind}</span> <b>{row.label}</b> {sentence} <span class="dim">{time}</span>{" "}
      <Place site={store.live.spans.site[span]!} label="where it began" />
      {others.length > 0 && <Others verb={waited ? "let go on by" : "let go on"} tasks={others} />}
      <button
        type="button"
        class="remove"
        title="Let go of the span (Esc)"
        aria-label="Let go of the span"
        onClick={() => timeline.choose(timeline.chosenRow, -1)}
      >
        ×
      </button>
    </p>
  );
}

function Others({ verb, tasks }: { readonly verb: string; readonly tasks: readonly TaskState[] }) {
  const more = tasks.length - MAX_NAMES;
  return (
    <span>
      <span class="dim">{verb}</span>{" "}
      {tasks.slice(0, MAX_NAMES).map((task, index) => (
        <span key={task.id}>
          {index > 0 && ", "}
          <TaskName task={task} />
        </span>
      ))}
      {more > 0 && ` and ${more} more`}
    </span>
  );
}
