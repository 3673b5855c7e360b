import { EventKind, Mode, type TraceEvent } from "@lockscope/trace";
import { useMemo } from "preact/hooks";
import { eventFilter } from "../model/event-filter.js";
import { EventList } from "../model/event-list.js";
import { eventWords } from "../model/event-words.js";
import { focusText } from "../model/focus.js";
import { formatCount, plural } from "../model/format.js";
import { formatInstantTo } from "../model/instant.js";
import type { QueryContext, Term } from "../model/query.js";
import { InstantLink } from "./instant-link.js";
import { useChanges } from "./moment.js";
import { LockName, TaskName } from "./names.js";
import { sliceEnd, useAgain } from "./paced.js";
import { usePage } from "./page.js";
import { Place } from "./place.js";
import { SiteTotalsText } from "./site-totals.js";
import { VirtualTable } from "./virtual-table.js";

/** Neighbours differ by 64 ns at the least, and mostly by more than this. */
const PRECISION_MS = 1e-4;

const columns = ["Time", "Task", "What", "Lock", "At"];

interface EventsPanelProps {
  readonly terms: readonly Term[];
  readonly context: QueryContext;
}

/** The events of what is picked out, searched for and selected; each leads to its instant and its place. */
export function EventsPanel({ terms, context }: EventsPanelProps) {
  const { session, view, focus } = usePage();
  const { store } = session;
  useChanges(view.selection, 200);
  useChanges(view.cursor, 200);
  const { range } = view.selection;
  const list = useMemo(
    () => new EventList(store, eventFilter(store, focus, terms, context), range),
    [store, focus, terms, range],
  ).refresh(sliceEnd());
  useAgain(!list.complete);
  const { time } = view.cursor;
  const current =
    time === undefined ? undefined : Math.max(0, list.firstFrom(time * (1 + Number.EPSILON)) - 1);
  const what = focus && focusText(focus, store);
  return (
    <>
      <p class="note" id="event-count">
        {plural(list.total, "event")}
        {what !== undefined && ` of ${what}`}
        {range !== undefined && " in the selected range"}
        {!list.complete && ", counting"}
        {list.total > list.length &&
          `, the last ${formatCount(list.length)} are listed; select a range for others`}
        {focus?.type === "place" && <SiteTotalsText file={focus.file} line={focus.line} />}
      </p>
      <VirtualTable
        id="events"
        label="Events"
        columns={columns}
        count={list.length}
        reveal={current}
        row={(position) => (
          <EventRow
            key={position}
            event={list.at(position)}
            position={position}
            current={position === current}
          />
        )}
      />
    </>
  );
}

interface EventRowProps {
  readonly event: TraceEvent;
  readonly position: number;
  /** The last one before the cursor. */
  readonly current: boolean;
}

function EventRow({ event, position, current }: EventRowProps) {
  const { session } = usePage();
  const { live } = session.store;
  const task = live.findTask(event.task);
  const joined = WITH_MODE.has(event.kind) && event.arg === Mode.join ? live.findTask(event.lock) : undefined;
  const lock = joined === undefined ? live.findLock(event.lock) : undefined;
  return (
    <tr aria-rowindex={position + 2} aria-current={current} data-kind={event.kind} data-time={event.time}>
      <td class="number">
        <InstantLink time={event.time} text={formatInstantTo(event.time, PRECISION_MS)} />
      </td>
      <td>{task !== undefined && <TaskName task={task} />}</td>
      <td>{eventWords(event)}</td>
      <td>
        {lock !== undefined && <LockName lock={lock} kind />}
        {joined !== undefined && <TaskName task={joined} />}
      </td>
      <td>
        <Place site={event.site} />
      </td>
    </tr>
  );
}

const WITH_MODE: ReadonlySet<number> = new Set([
  EventKind.block,
  EventKind.unblock,
  EventKind.cancel,
  EventKind.timeout,
]);
