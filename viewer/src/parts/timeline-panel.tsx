import type { RefObject } from "preact";
import { useEffect, useMemo, useRef, useState } from "preact/hooks";
import { plural } from "../model/format.js";
import { Timeline } from "../timeline/timeline.js";
import type { Pointed } from "../timeline/timeline-events.js";
import { ChosenSpan } from "./chosen-span.js";
import { LaneMirror } from "./lane-mirror.js";
import { NoLanes } from "./no-lanes.js";
import { usePage } from "./page.js";
import { TimelineHelp } from "./timeline-help.js";
import { TimelineToolbar } from "./timeline-toolbar.js";

interface TimelinePanelProps {
  readonly timeline: RefObject<Timeline | null>;
  onViewChanged(): void;
}

/** The canvases with their buttons. They draw themselves; this is rendered only when a button changes. */
export function TimelinePanel({ timeline, onViewChanged }: TimelinePanelProps) {
  const { session, view, opensBeside, open } = usePage();
  const lanes = useRef<HTMLCanvasElement>(null);
  const overlay = useRef<HTMLCanvasElement>(null);
  const minimap = useRef<HTMLCanvasElement>(null);
  const help = useRef<HTMLDialogElement>(null);
  const timeFieldInput = useRef<HTMLInputElement>(null);
  const [, setRevision] = useState(0);
  const [pointed, setPointed] = useState<Pointed>();
  const changed = () => {
    setRevision((revision) => revision + 1);
    onViewChanged();
  };
  useEffect(() => {
    const canvases = { lanes: lanes.current!, overlay: overlay.current!, minimap: minimap.current! };
    timeline.current = new Timeline(canvases, session, view, {
      open,
      clicked: (site) => opensBeside && open(site),
      viewChanged: changed,
      pointed: setPointed,
      askForTime: () => timeFieldInput.current!.focus(),
      showHelp: () => help.current!.showModal(),
    });
    for (const part of [view, view.cursor, view.selection]) part.onChange(onViewChanged);
    changed();
  }, []);
  const act = (action: (timeline: Timeline) => void) => {
    if (timeline.current === null) return;
    action(timeline.current);
    timeline.current.invalidate();
    changed();
  };
  const made = timeline.current;
  // They have nothing to do with what is under the pointer, nor with every step of a zoom.
  const mirror = useMemo(() => made !== null && <LaneMirror timeline={made} />, [made]);
  const chosen = useMemo(() => made !== null && <ChosenSpan timeline={made} />, [made]);
  const noLanes = useMemo(() => made !== null && <NoLanes timeline={made} />, [made]);
  const keys = useMemo(() => <TimelineHelp dialog={help} />, []);
  return (
    <section class="panel timeline-panel" aria-label="Timeline">
      <TimelineToolbar timeFieldInput={timeFieldInput} act={act} />
      <canvas
        id="minimap"
        ref={minimap}
        title="The whole trace: the worst state of all locks, and of all tasks below. Drag to move, wheel to zoom, double click to see all."
      />
      <div class="canvas-box">
        {/* biome-ignore lint/a11y/noInteractiveElementToNoninteractiveRole: it takes keys of its own, see the help below */}
        <canvas
          id="timeline"
          ref={lanes}
          tabIndex={0}
          role="application"
          aria-roledescription="timeline"
          aria-label="Timeline of locks and tasks"
          aria-describedby="timeline-help"
        />
        <canvas class="overlay" ref={overlay} />
        {noLanes}
        {pointed !== undefined && <Tooltip pointed={pointed} />}
      </div>
      {chosen}
      <p id="timeline-help" class="visually-hidden">
        Up and down choose a lane, Shift with left and right its spans, Enter shows the source, W the next
        wait. Left and right move, plus and minus zoom, comma and full stop move the cursor. A question mark
        lists all keys. The lanes in view follow as a table.
      </p>
      <p id="pointed" class="visually-hidden" aria-live="polite">
        {pointed?.byKeyboard === true &&
          [pointed.kind, pointed.label, pointed.text.sentence, pointed.text.time, pointed.text.place].join(
            " ",
          )}
      </p>
      {mirror}
      {keys}
    </section>
  );
}

function Tooltip({ pointed }: { readonly pointed: Pointed }) {
  const box = useRef<HTMLDivElement>(null);
  const { kind, label, text, among, x, y } = pointed;
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
        <span class="dim">{kind}</span> <b>{label}</b>
      </div>
      <div>{text.sentence}</div>
      <div class="dim">{text.time}</div>
      {text.place !== "" && <div class="dim">at {text.place}</div>}
      {among > 3 && <div class="dim">{plural(among, "span")} here; zoom in to tell them apart</div>}
    </div>
  );
}
