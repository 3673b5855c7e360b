import type { Site } from "@lockscope/trace";
import { formatPlace } from "../model/format.js";
import { usePage } from "./page.js";

interface PlaceProps {
  /** A store-wide site number. */
  readonly site: number;
  /** What is at the place, for the screen reader. */
  readonly label?: string;
}

/** A place that the trace names. Nothing if it is unknown. */
export function Place({ site, label }: PlaceProps) {
  const { session } = usePage();
  const place = session.store.sites.get(site);
  if (place === undefined) return null;
  return <SourceLink place={place} text={formatPlace(place)} {...(label !== undefined && { label })} />;
}

interface SourceLinkProps {
  readonly place: Pick<Site, "file" | "line" | "column">;
  readonly text: string;
  readonly label?: string;
}

/** A place in the source: a link where the host can show it. */
export function SourceLink({ place, text, label }: SourceLinkProps) {
  const { canOpen, open } = usePage();
  const full = `${place.file}:${place.line}${place.column > 0 ? `:${place.column}` : ""}`;
  if (!canOpen) {
    return (
      <span class="place" title={full}>
        {text}
      </span>
    );
  }
  return (
    <button
      type="button"
      class="place link"
      title={`Go to ${full}`}
      aria-label={label === undefined ? undefined : `${label}: ${text}`}
      data-place={full}
      onClick={() => open(place)}
    >
      {text}
    </button>
  );
}
