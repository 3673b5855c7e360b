import { useRef } from "preact/hooks";

interface SplitterProps {
  /** Share of the upper part, in percent. */
  readonly share: number;
  onShare(share: number): void;
}

const MIN = 15;
const MAX = 85;

/** The line between the timeline and the tables, moved by pointer or arrow keys. */
export function Splitter({ share, onShare }: SplitterProps) {
  const dragging = useRef(false);
  const set = (value: number) => onShare(Math.min(MAX, Math.max(MIN, value)));
  return (
    // biome-ignore lint/a11y/useSemanticElements: an <hr> cannot be focused and moved
    <div
      class="splitter"
      role="separator"
      tabIndex={0}
      aria-label="Size of the timeline"
      aria-orientation="horizontal"
      aria-valuenow={Math.round(share)}
      aria-valuemin={MIN}
      aria-valuemax={MAX}
      onPointerDown={(event) => {
        dragging.current = true;
        event.currentTarget.setPointerCapture(event.pointerId);
      }}
      onPointerMove={(event) => {
        if (!dragging.current) return;
        const box = event.currentTarget.parentElement!.getBoundingClientRect();
        set(((event.clientY - box.top) / box.height) * 100);
      }}
      onPointerUp={() => {
        dragging.current = false;
      }}
      onKeyDown={(event) => {
        const step = { ArrowUp: -4, ArrowDown: 4 }[event.key];
        if (step === undefined) return;
        event.preventDefault();
        set(share + step);
      }}
    />
  );
}
