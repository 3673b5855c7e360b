import type { RefObject } from "preact";
import { useEffect, useRef, useState } from "preact/hooks";
import { plural } from "../model/format.js";
import { type PointedSpan, Timeline } from "../timeline/timeline.js";
import { Legend } from "./legend.js";
import { usePage } from "./page.js";

interface TimelinePanelProps {
  readonly timeline: RefObject<Timeline | null>;
  onViewChanged(): void;
}

/** The canvas with its buttons and legend. The canvas draws itself; this is rendered only when a button changes. */
export function TimelinePanel({ timeline, onViewChanged }: TimelinePanelProps) {
  const { session, view, open } = usePage();
  const canvas = useRef<HTMLCanvasElement>(null);
  const [, setRevision] = useState(0);
  const [pointed, setPointed] = useState<PointedSpan>();
  const changed = () => {
    setRevision((revision) => revision + 1);
    onViewChanged();
  };
  useEffect(() => {
    const events = { open, viewChanged: changed, pointed: setPointed };
    const made = new Timeline(canvas.current!, session, view, events);
    timeline.current = made;
    changed();
  }, []);
  const act = (action: (timeline: Timeline) => void) => () => {
    if (timeline.current === null) return;
    action(timeline.current);
    timeline.current.invalidate();
    changed();
  };
  const follow = timeline.current?.window.follow ?? true;
  return (
    <section class="panel timeline-panel" aria-label="Timeline">
      <div class="toolbar">
        <h2 class="panel-title">Timeline</h2>
        <button
          type="button"
          id="follow"
          class="button"
          aria-pressed={follow}
          title="Keep the present in view (F)"
          onClick={act((it) => it.window.setFollow(!it.window.follow, it.whole))}
        >
          Follow
        </button>
        <button type="button" class="button" title="Show all (0)" onClick={act((it) => it.window.showAll())}>
          Fit
        </button>
        <button
          type="button"
          class="button icon"
          aria-label="Zoom in"
          title="Zoom in (+)"
          onClick={act(zoom(1 / 1.5))}
        >
          +
        </button>
        <button
          type="button"
          class="button icon"
          aria-label="Zoom out"
          title="Zoom out (-)"
          onClick={act(zoom(1.5))}
        >
          −
        </button>
        <Legend />
      </div>
      <div class="canvas-box">
        {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: it takes keys of its own, see the help below */}
        <canvas
          id="timeline"
          ref={canvas}
          tabIndex={0}
          role="application"
          aria-roledescription="timeline"
          aria-label="Timeline of locks and tasks"
          aria-describedby="timeline-help"
        />
        {pointed !== undefined && <Tooltip pointed={pointed} />}
      </div>
      <p id="timeline-help" class="visually-hidden">
        Up and down choose a lane, Shift with left and right its spans, Enter shows the source. Left and right
        move, plus and minus zoom, Home and End go to the beginning and the present, 0 shows all, F follows
        the present.
      </p>
      <p class="visually-hidden" aria-live="polite">
        {pointed?.byKeyboard === true &&
          [
            pointed.row.kind,
            pointed.row.label,
            pointed.text.sentence,
            pointed.text.time,
            pointed.text.place,
          ].join(" ")}
      </p>
    </section>
  );
}

const zoom = (factor: number) => (timeline: Timeline) => {
  const { start, end } = timeline.geometry.range;
  timeline.window.zoom(factor, (start + end) / 2, timeline.whole);
};

function Tooltip({ pointed }: { readonly pointed: PointedSpan }) {
  const box = useRef<HTMLDivElement>(null);
  const { row, text, among, x, y } = pointed;
  useEffect(() => {
    const element = box.current!;
    const { clientWidth, clientHeight } = element.parentElement!;
    const left = Math.min(x + 14, clientWidth - element.offsetWidth - 4);
    const below = y + 20 + element.offsetHeight < clientHeight;
    element.style.left = `${Math.max(4, left)}px`;
    element.style.top = `${below ? y + 20 : Math.max(4, y - element.offsetHeight - 8)}px`;
  }, [pointed]);
  return (
    <div class="tooltip" ref={box} aria-hidden="true">
      <div>
        <span class="dim">{row.kind}</span> <b>{row.label}</b>
      </div>
      <div>{text.sentence}</div>
      <div class="dim">{text.time}</div>
      {text.place !== "" && <div class="dim">at {text.place}</div>}
      {among > 3 && <div class="dim">{plural(among, "span")} here; zoom in to tell them apart</div>}
    </div>
  );
}
