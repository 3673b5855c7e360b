import type { Ref } from "preact";
import { keyGroups } from "../timeline/keyboard.js";
import { Legend } from "./legend.js";
import { usePage } from "./page.js";

const names: Readonly<Record<string, string>> = {
  ArrowLeft: "←",
  ArrowRight: "→",
  ArrowUp: "↑",
  ArrowDown: "↓",
  Escape: "Esc",
  PageUp: "Page Up",
  PageDown: "Page Down",
  "-": "−",
};

/** Every key and gesture of the timeline. */
export function TimelineHelp({ dialog }: { readonly dialog: Ref<HTMLDialogElement> }) {
  const { opensBeside } = usePage();
  return (
    <dialog ref={dialog} class="help" aria-label="Keys of the timeline">
      <form method="dialog">
        <button type="submit" class="button">
          Close
        </button>
      </form>
      <p>
        Wheel: zoom; over the names scroll, with Shift move. Drag: move. Drag in the axis: scrub. Drag with
        Shift: select a range. Click: choose a span{opensBeside && ", and show its source"}. Double click:
        select its time.
      </p>
      <p>
        In a lock's lane, the more tasks wait, the higher is the bar along its top. Arrows lead from who waits
        to who holds, dashed ones from who went on to whom that woke.
      </p>
      <Legend />
      <div class="help-groups">
        {keyGroups.map(({ title, bindings }) => (
          <section key={title}>
            <h3>{title}</h3>
            <dl>
              {bindings.map(({ keys, text }) => (
                <div key={text}>
                  <dt>
                    {keys.map((key) => (
                      <kbd key={key}>{keyText(key)}</kbd>
                    ))}
                  </dt>
                  <dd>{text}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
      </div>
    </dialog>
  );
}

const keyText = (key: string): string =>
  key
    .split(/(?<=Shift)\+/)
    .map((part) => names[part] ?? (/^[A-Z]$/.test(part) ? `Shift ${part}` : part))
    .join(" ");
