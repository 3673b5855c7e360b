import type { Timeline } from "../timeline/timeline.js";
import type { LaneMode } from "../timeline/view.js";
import { useChanges } from "./moment.js";
import { usePage } from "./page.js";

const INTERVAL_MS = 100;

const texts: Readonly<Record<LaneMode, string>> = {
  both: "No lock or task to show.",
  locks: "No lock to show.",
  tasks: "No task to show.",
};

/** Says that the timeline is empty on purpose. */
export function NoLanes({ timeline }: { readonly timeline: Timeline }) {
  const { session, view } = usePage();
  useChanges(timeline, INTERVAL_MS);
  if (timeline.rows.length > 0) return null;
  const { state, store } = session;
  const nothing = state === "live" || state === "loading" ? "No event yet." : "No event at all.";
  return (
    <p id="no-lanes" class="no-lanes">
      {store.eventCount === 0 ? nothing : texts[view.mode]}
    </p>
  );
}
