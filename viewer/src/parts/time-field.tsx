import type { RefObject } from "preact";
import { useState } from "preact/hooks";
import { formatInstant } from "../model/format.js";
import { parseInstant } from "../model/instant.js";
import { useChanges } from "./moment.js";
import { usePage } from "./page.js";

const INTERVAL_MS = 60;

interface TimeFieldProps {
  readonly input: RefObject<HTMLInputElement | null>;
  /** `undefined`: the present. */
  onTime(time: number | undefined): void;
  /** The user is done with it. */
  onLeave(): void;
}

/** Shows where the cursor is, and takes the instant to go to. */
export function TimeField({ input, onTime, onLeave }: TimeFieldProps) {
  const { session, view } = usePage();
  useChanges(view.cursor, INTERVAL_MS);
  const [draft, setDraft] = useState<string>();
  const { time } = view.cursor;
  const present = session.state === "live" ? "now" : "end";
  const wanted = draft === undefined || isNow(draft) ? undefined : parseInstant(draft);
  const wrong = draft !== undefined && wanted === undefined && !isNow(draft);
  const done = () => {
    setDraft(undefined);
    onLeave();
  };
  return (
    <label class="time-field">
      <span class="dim">At</span>
      <input
        ref={input}
        id="cursor-time"
        type="text"
        size={11}
        aria-label="Cursor: a time such as 12.5 ms, or the end"
        aria-invalid={wrong}
        title="The instant whose state is shown: 12.5 ms, 3 s, 1:05, now, end (G)"
        value={draft ?? (time === undefined ? present : formatInstant(time))}
        onFocus={(event) => event.currentTarget.select()}
        onInput={(event) => setDraft(event.currentTarget.value)}
        onBlur={() => setDraft(undefined)}
        onKeyDown={(event) => {
          if (event.key === "Escape") return done();
          if (event.key !== "Enter" || wrong) return;
          if (draft !== undefined) onTime(wanted);
          done();
        }}
      />
    </label>
  );
}

const isNow = (text: string): boolean => /^\s*(now|end)?\s*$/i.test(text);
