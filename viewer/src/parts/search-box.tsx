import { useId, useRef, useState } from "preact/hooks";
import { suggest } from "../model/suggestions.js";
import { usePage } from "./page.js";

interface SearchBoxProps {
  readonly value: string;
  onValue(value: string): void;
}

/** Filters what the page shows. Down goes to the suggestions, Enter takes one, Escape closes them. */
export function SearchBox({ value, onValue }: SearchBoxProps) {
  const { session } = usePage();
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  const [open, setOpen] = useState(false);
  const [active, setActive] = useState(-1);
  const caret = input.current?.selectionStart ?? value.length;
  const { from, items } = open ? suggest(value.slice(0, caret), session.store) : { from: 0, items: [] };
  const take = (item: string) => {
    const gap = item.endsWith(":") ? "" : " ";
    const next = value.slice(0, from) + item + gap + value.slice(caret).trimStart();
    onValue(next);
    setActive(-1);
    setOpen(gap === "");
    input.current?.focus();
  };
  const handleKey = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step !== undefined && items.length > 0) {
      event.preventDefault();
      setActive((active + step + items.length + (active < 0 && step < 0 ? 1 : 0)) % items.length);
    } else if (event.key === "Enter" && active >= 0 && items[active] !== undefined) {
      event.preventDefault();
      take(items[active]);
    } else if (event.key === "Escape" && items.length > 0) {
      event.preventDefault();
      setOpen(false);
    }
  };
  const shown = items.length > 0;
  return (
    <div class="search">
      <input
        ref={input}
        type="text"
        class="filter"
        role="combobox"
        placeholder="Search: name, lock:, task:, file:, state:"
        aria-label="Search locks, tasks and places"
        aria-expanded={shown}
        aria-controls={shown ? id : undefined}
        aria-autocomplete="list"
        aria-activedescendant={shown && active >= 0 ? `${id}-${active}` : undefined}
        value={value}
        onInput={(event) => {
          onValue(event.currentTarget.value);
          setActive(-1);
          setOpen(true);
        }}
        onKeyDown={handleKey}
        onBlur={() => setOpen(false)}
      />
      {shown && (
        <div class="suggestions" id={id} role="listbox" aria-label="Suggestions">
          {items.map((item, index) => (
            // biome-ignore lint/a11y/useKeyWithClickEvents: the keys are the input's, which keeps the focus
            <div
              key={item}
              id={`${id}-${index}`}
              role="option"
              tabIndex={-1}
              aria-selected={index === active}
              onPointerDown={(event) => event.preventDefault()}
              onClick={() => take(item)}
            >
              {item}
            </div>
          ))}
        </div>
      )}
    </div>
  );
}
