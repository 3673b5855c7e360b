import { type LockState, type LockStatistics, rangeStatisticsInSteps } from "@lockscope/trace";
import { useMemo, useState } from "preact/hooks";
import { isFocus, lockFocus } from "../model/focus.js";
import { formatCount, formatDuration, formatInstant, formatKind, plural } from "../model/format.js";
import type { Order } from "../model/rows.js";
import { type StatisticsColumn, statisticsRows } from "../model/statistics.js";
import { LockDetail } from "./lock-detail.js";
import { useChanges } from "./moment.js";
import { LockName } from "./names.js";
import { useAnswer } from "./paced.js";
import { usePage } from "./page.js";
import { type Column, Table } from "./table.js";

const columns: readonly Column<StatisticsColumn>[] = [
  { id: "name", title: "Lock" },
  { id: "wait", title: "Waited", numeric: true, descendingFirst: true },
  { id: "contended", title: "Waits", numeric: true, descendingFirst: true },
  { id: "longestWait", title: "Longest", numeric: true, descendingFirst: true },
  { id: "queue", title: "Queue", numeric: true, descendingFirst: true },
  { id: "taken", title: "Taken", numeric: true, descendingFirst: true },
  { id: "hold", title: "Held", numeric: true, descendingFirst: true },
  { id: "longestHold", title: "Longest hold", numeric: true, descendingFirst: true },
];

/** Contention in the selected range, or in everything: the worst locks first, with histograms and places. */
export function StatisticsPanel({ locks }: { readonly locks: readonly LockState[] }) {
  const { session, view, focus } = usePage();
  const { store } = session;
  useChanges(view.selection, 200);
  const [order, setOrder] = useState<Order<StatisticsColumn>>({ column: "seen", descending: false });
  const { range } = view.selection;
  const about = useMemo(() => ({}), [store, range]);
  const { value: statistics, isCurrent } = useAnswer(about, `${store.eventCount} ${session.state}`, () =>
    rangeStatisticsInSteps(store, range?.start ?? store.startTime, range?.end ?? session.now),
  );
  const wanted = useMemo(() => new Set(locks.map(({ id }) => id)), [locks]);
  if (statistics === undefined) return <p class="note">Counting…</p>;
  const found = statistics.locks.filter(({ lock }) => wanted.has(lock.id));
  const { rows, total } = statisticsRows(found, order);
  const chosen = found.find(({ lock }) => isFocus(focus, "lock", lock.id)) ?? rows[0];
  const { from, to, events } = statistics;
  return (
    <>
      <p class="note" id="statistics-range">
        {isCurrent
          ? `${range === undefined ? "The whole trace" : "The selected range"}: ${formatDuration(to - from)} from ${formatInstant(from)}, ${plural(events, "event")}`
          : "Counting…"}
        {range === undefined && (
          <span class="dim">. Select a range with Shift and drag in the timeline.</span>
        )}
      </p>
      <div class="columns">
        <Table
          id="statistics"
          caption="Contention"
          columns={columns}
          order={order}
          onOrder={setOrder}
          shown={rows.length}
          total={total}
          empty="None of these locks was used."
        >
          {rows.map((one) => (
            <LockRow key={one.lock.id} statistics={one} chosen={one === chosen} />
          ))}
        </Table>
        {chosen !== undefined && <LockDetail statistics={chosen} />}
      </div>
    </>
  );
}

interface LockRowProps {
  readonly statistics: LockStatistics;
  /** Its details are shown. */
  readonly chosen: boolean;
}

function LockRow({ statistics, chosen }: LockRowProps) {
  const { setFocus } = usePage();
  const { lock, waits, holds, acquisitions, contended, maxQueue } = statistics;
  const duration = (ms: number) => (ms === 0 ? "–" : formatDuration(ms));
  return (
    <tr data-lock={lock.name} aria-current={chosen} onClick={() => setFocus(lockFocus(lock))}>
      <th scope="row" title={formatKind(lock.kind)}>
        <LockName lock={lock} />
      </th>
      <td class="number">{duration(waits.total)}</td>
      <td class="number">{formatCount(contended)}</td>
      <td class="number">{duration(waits.max)}</td>
      <td class="number">{formatCount(maxQueue)}</td>
      <td class="number">{formatCount(acquisitions)}</td>
      <td class="number">{duration(holds.total)}</td>
      <td class="number">{duration(holds.max)}</td>
    </tr>
  );
}
