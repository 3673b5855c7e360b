import { formatInstant } from "../model/format.js";
import { usePage } from "./page.js";

interface InstantLinkProps {
  /** Milliseconds since the program's time origin. */
  readonly time: number;
  /** How it is written; to the microsecond if left out. */
  readonly text?: string;
  /** What is to be done besides going there. */
  onGo?(): void;
}

/** An instant: a click puts the cursor there. */
export function InstantLink({ time, text = formatInstant(time), onGo }: InstantLinkProps) {
  const { goTo } = usePage();
  return (
    <button
      type="button"
      class="link nowrap"
      title="Show the state and the lanes at this instant"
      onClick={() => {
        onGo?.();
        goTo(time);
      }}
    >
      {text}
    </button>
  );
}
