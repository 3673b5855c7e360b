import { formatPlace } from "../model/format.js";
import { usePage } from "./page.js";

interface PlaceProps {
  /** A store-wide site number. */
  readonly site: number;
  /** What is at the place, for the screen reader. */
  readonly label?: string;
  /** Shown instead of the place. */
  readonly text?: string;
}

/** A source place: a link where the host can show it. Nothing, or just the text, if the place is unknown. */
export function Place({ site, label, text: name }: PlaceProps) {
  const { session, canOpen, open } = usePage();
  const place = session.store.sites.get(site);
  if (place === undefined) return name === undefined ? null : <span title={name}>{name}</span>;
  const full = `${place.file}:${place.line}${place.column > 0 ? `:${place.column}` : ""}`;
  const text = name ?? formatPlace(place);
  if (!canOpen) {
    return (
      <span
        class={name === undefined ? "place" : undefined}
        title={name === undefined ? full : `${name}\n${full}`}
      >
        {text}
      </span>
    );
  }
  return (
    <button
      type="button"
      class="place link"
      title={name === undefined ? `Go to ${full}` : `${name}\nGo to ${full}`}
      aria-label={label === undefined ? undefined : `${label}: ${text}`}
      data-place={full}
      onClick={() => open(place)}
    >
      {text}
    </button>
  );
}
