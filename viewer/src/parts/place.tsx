import type { Site } from "@lockscope/trace";
import { callersOf } from "../model/callers.js";
import { formatPlace, isInline } from "../model/format.js";
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
  const { sites } = session.store;
  const place = sites.get(site);
  if (place === undefined) return null;
  const callers = callersOf(sites, site, MAX_CALLERS).map((number) => callerText(sites.get(number)!));
  return (
    <SourceLink
      place={place}
      text={formatPlace(place)}
      more={callers.join("")}
      {...(label !== undefined && { label })}
    />
  );
}

/** As many as a trace has: more are not recorded. */
const MAX_CALLERS = 8;

const callerText = (site: Site) =>
  `\ncalled from ${formatPlace(site)}${site.func === "" ? "" : ` (${site.func})`}`;

const MAX_TITLE = 500;

interface SourceLinkProps {
  readonly place: Pick<Site, "file" | "line" | "column">;
  readonly text: string;
  readonly label?: string;
  /** Further lines of its title. */
  readonly more?: string;
}

/** A place in the source: a link where the host can show it. */
export function SourceLink({ place, text, label, more = "" }: SourceLinkProps) {
  const { canOpen, open } = usePage();
  const full = isInline(place.file)
    ? place.file.slice(0, MAX_TITLE)
    : `${place.file}:${place.line}${place.column > 0 ? `:${place.column}` : ""}`;
  if (!canOpen || isInline(place.file)) {
    return (
      <span class="place" title={full + more}>
        {text}
      </span>
    );
  }
  return (
    <button
      type="button"
      class="place link"
      title={`Go to ${full}${more}`}
      aria-label={label === undefined ? undefined : `${label}: ${text}`}
      data-place={full}
      onClick={() => open(place)}
    >
      {text}
    </button>
  );
}
