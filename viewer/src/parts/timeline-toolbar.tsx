import type { RefObject } from "preact";
import { toggleOrder, zoom, zoomToSelection } from "../timeline/keyboard.js";
import type { Timeline } from "../timeline/timeline.js";
import type { LaneMode } from "../timeline/view.js";
import { Legend } from "./legend.js";
import { useChanges } from "./moment.js";
import { usePage } from "./page.js";
import { TimeField } from "./time-field.js";

interface TimelineToolbarProps {
  readonly timeFieldInput: RefObject<HTMLInputElement | null>;
  /** Does something to the timeline, and draws it again. */
  act(action: (timeline: Timeline) => void): void;
}

const modes: readonly { readonly mode: LaneMode; readonly text: string; readonly title: string }[] = [
  { mode: "locks", text: "Locks", title: "A lane for each lock: who holds it, how many wait (1)" },
  { mode: "tasks", text: "Tasks", title: "A lane for each task: what it holds, what it waits for (2)" },
  { mode: "both", text: "Both", title: "Locks and tasks (3)" },
];

export function TimelineToolbar({ timeFieldInput, act }: TimelineToolbarProps) {
  const { view } = usePage();
  return (
    <div class="toolbar">
      <h2 class="visually-hidden">Timeline</h2>
      <fieldset class="choice">
        <legend class="visually-hidden">Lanes</legend>
        {modes.map(({ mode, text, title }) => (
          <button
            key={mode}
            type="button"
            class="button"
            aria-pressed={view.mode === mode}
            title={title}
            onClick={() => act((it) => it.view.setMode(mode))}
          >
            {text}
          </button>
        ))}
      </fieldset>
      <button
        type="button"
        id="worst-first"
        class="button"
        aria-pressed={view.order === "waited"}
        title="Lanes with the longest waits first (4)"
        onClick={() => act(toggleOrder)}
      >
        Worst first
      </button>
      <button
        type="button"
        id="follow"
        class="button"
        aria-pressed={view.window.follow}
        title="Keep the present in view (F)"
        onClick={() => act((it) => it.window.setFollow(!it.window.follow, it.whole))}
      >
        Follow
      </button>
      <button
        type="button"
        class="button"
        title="Show all (0)"
        onClick={() => act((it) => it.window.showAll())}
      >
        Fit
      </button>
      <button
        type="button"
        class="button icon"
        aria-label="Zoom in"
        title="Zoom in (+)"
        onClick={() => act((it) => zoom(it, 1 / 1.5))}
      >
        +
      </button>
      <button
        type="button"
        class="button icon"
        aria-label="Zoom out"
        title="Zoom out (-)"
        onClick={() => act((it) => zoom(it, 1.5))}
      >
        −
      </button>
      <TimeField
        input={timeFieldInput}
        onTime={(time) => act((it) => (time === undefined ? it.view.cursor.set(undefined) : it.goTo(time)))}
        onLeave={() => act((it) => it.canvas.focus())}
      />
      <ZoomToRange act={act} />
      <button
        type="button"
        class="button icon"
        aria-label="Keys of the timeline"
        title="Keys (?)"
        onClick={() => act((it) => it.events.showHelp())}
      >
        ?
      </button>
      <Legend />
    </div>
  );
}

const RANGE_INTERVAL_MS = 60;

/** Only of use while a range is selected. */
function ZoomToRange({ act }: Pick<TimelineToolbarProps, "act">) {
  const { view } = usePage();
  useChanges(view.selection, RANGE_INTERVAL_MS);
  if (view.selection.range === undefined) return null;
  return (
    <button
      type="button"
      id="zoom-to-range"
      class="button"
      title="Zoom to the selected range (Z)"
      onClick={() => act(zoomToSelection)}
    >
      Zoom to range
    </button>
  );
}
