import type { Site } from "@lockscope/trace";
import { createContext } from "preact";
import { useContext } from "preact/hooks";
import type { Focus } from "../model/focus.js";
import type { Session, Stop } from "../session.js";
import type { TimelineView } from "../timeline/view.js";

/** What every part of the page may need, besides its own properties. */
export interface Page {
  readonly session: Session;
  /** The instant and the range of time that the user looks at. */
  readonly view: TimelineView;
  /** What the user has picked out. */
  readonly focus: Focus | undefined;
  /** A debugger holds the program. */
  readonly stopped: Stop | undefined;
  /** The host can show source places. */
  readonly canOpen: boolean;
  /** They are shown beside the page. */
  readonly opensBeside: boolean;
  open(place: Pick<Site, "file" | "line" | "column">): void;
  setFocus(focus: Focus | undefined): void;
  /** Puts the cursor there, and brings it into view. Milliseconds since the program's time origin. */
  goTo(time: number): void;
}

const PageContext = createContext<Page | undefined>(undefined);

export const PageProvider = PageContext.Provider;

export function usePage(): Page {
  const page = useContext(PageContext);
  if (page === undefined) throw new Error("a part was used outside the page");
  return page;
}
