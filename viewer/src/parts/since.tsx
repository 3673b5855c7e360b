import { formatDuration, formatInstant } from "../model/format.js";

/** How long something has lasted at the instant `time`; the title says since when. */
export function Since({ since, time }: { readonly since: number; readonly time: number }) {
  return (
    <span class="nowrap dim" title={`since ${formatInstant(since)}`}>
      {time > since ? `for ${formatDuration(time - since)}` : "just now"}
    </span>
  );
}
