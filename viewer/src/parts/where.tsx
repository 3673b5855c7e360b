import type { ComponentChildren } from "preact";
import { focusText } from "../model/focus.js";
import { formatDuration, formatInstant } from "../model/format.js";
import type { SessionState } from "../session.js";
import { useChanges, useMoment } from "./moment.js";
import { usePage } from "./page.js";

/** Which instant, which range and which thing the views are about, each with a way back. */
export function Where() {
  const { session, view, focus, setFocus } = usePage();
  const { time, present } = useMoment();
  useChanges(view.selection, 60);
  const { range } = view.selection;
  const text = focus && focusText(focus, session.store);
  return (
    <div class="where">
      {text !== undefined && (
        <Chip title="Stop picking it out" onRemove={() => setFocus(undefined)}>
          {text}
        </Chip>
      )}
      {range !== undefined && (
        <Chip title="Clear the selection" onRemove={() => view.selection.clear()}>
          {formatDuration(range.end - range.start)} from {formatInstant(range.start)}
        </Chip>
      )}
      {present ? (
        <span id="instant">{presentTexts[session.state] ?? "At the end"}</span>
      ) : (
        <Chip title="Back to the present" id="instant" onRemove={() => view.cursor.set(undefined)}>
          At {formatInstant(time)}
        </Chip>
      )}
    </div>
  );
}

/** What the present of the trace is, where it is not its end. */
const presentTexts: Partial<Record<SessionState, string>> = { live: "Now", loading: "As far as loaded" };

interface ChipProps {
  readonly title: string;
  readonly id?: string;
  onRemove(): void;
  readonly children: ComponentChildren;
}

function Chip({ title, id, onRemove, children }: ChipProps) {
  return (
    <span class="token" id={id}>
      {children}
      <button type="button" class="remove" title={title} aria-label={title} onClick={onRemove}>
        ×
      </button>
    </span>
  );
}
