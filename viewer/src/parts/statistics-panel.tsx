import {
  type LockState,
  type RangeStatistics,
  rangeStatisticsInSteps,
  type TaskState,
} from "@lockscope/trace";
import { useMemo, useState } from "preact/hooks";
import { isFocus } from "../model/focus.js";
import { formatCount, formatDuration, formatInstant, plural } from "../model/format.js";
import type { Order } from "../model/rows.js";
import { type Statistics, type StatisticsColumn, statisticsRows, subjectOf } from "../model/statistics.js";
import { useChanges } from "./moment.js";
import { LockName, TaskName } from "./names.js";
import { useAnswer } from "./paced.js";
import { usePage } from "./page.js";
import { StatisticsDetail } from "./statistics-detail.js";
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

/** A task has no queue. */
const taskColumns = columns
  .filter(({ id }) => id !== "queue")
  .map((column) => (column.id === "name" ? { ...column, title: "Task" } : column));

interface StatisticsPanelProps {
  readonly locks: readonly LockState[];
  readonly tasks: readonly TaskState[];
}

/** Contention in the selected range, or in everything: the worst locks, or tasks, first, each with histograms. */
export function StatisticsPanel({ locks, tasks }: StatisticsPanelProps) {
  const { session, view } = usePage();
  const { store } = session;
  useChanges(view.selection, 200);
  const [of, setOf] = useState<"locks" | "tasks">("locks");
  const { range } = view.selection;
  const about = useMemo(() => ({}), [store, range]);
  const { value: statistics, isCurrent } = useAnswer(about, `${store.eventCount} ${session.state}`, () =>
    rangeStatisticsInSteps(store, range?.start ?? store.startTime, range?.end ?? session.now),
  );
  if (statistics === undefined) return <p class="note">Counting…</p>;
  return (
    <>
      <div class="statistics-bar">
        <fieldset class="choice">
          <legend class="visually-hidden">Statistics of</legend>
          {(["locks", "tasks"] as const).map((each) => (
            <button
              key={each}
              type="button"
              class="button"
              aria-pressed={of === each}
              onClick={() => setOf(each)}
            >
              {each === "locks" ? "By lock" : "By task"}
            </button>
          ))}
        </fieldset>
        <p class="note" id="statistics-range">
          {isCurrent ? rangeText(statistics, range !== undefined) : "Counting…"}
          {range === undefined && (
            <span class="dim">. Select a range with Shift and drag in the timeline.</span>
          )}
        </p>
      </div>
      <StatisticsTable key={of} of={of} shown={of === "locks" ? locks : tasks} statistics={statistics[of]} />
    </>
  );
}

const rangeText = ({ from, to, events }: RangeStatistics, isSelected: boolean): string =>
  `${isSelected ? "The selected range" : "The whole trace"}: ${formatDuration(to - from)} from ${formatInstant(from)}, ${plural(events, "event")}`;

const inOrder: Order<StatisticsColumn> = { column: "seen", descending: false };

const tables = {
  locks: { id: "statistics", columns, empty: "None of these locks was used." },
  tasks: { id: "task-statistics", columns: taskColumns, empty: "None of these tasks used a lock." },
} as const;

interface StatisticsTableProps {
  readonly of: keyof typeof tables;
  /** What the search leaves. */
  readonly shown: readonly (LockState | TaskState)[];
  readonly statistics: readonly Statistics[];
}

function StatisticsTable({ of, shown, statistics }: StatisticsTableProps) {
  const { focus, setFocus } = usePage();
  const [order, setOrder] = useState(inOrder);
  const { id, columns, empty } = tables[of];
  const wanted = useMemo(() => new Set(shown.map(({ id }) => id)), [shown]);
  const found = statistics.filter((one) => wanted.has(subjectOf(one).id));
  const { rows, total } = statisticsRows(found, order);
  const isChosen = (one: Statistics) => {
    const { type, id } = subjectOf(one);
    return isFocus(focus, type, id);
  };
  const chosen = found.find(isChosen) ?? rows[0];
  return (
    <div class="columns">
      <Table
        id={id}
        caption="Contention"
        columns={columns}
        order={order}
        onOrder={setOrder}
        shown={rows.length}
        total={total}
        empty={empty}
      >
        {rows.map((one) => (
          <tr key={subjectOf(one).id} aria-current={one === chosen} onClick={() => setFocus(subjectOf(one))}>
            <th scope="row">{"lock" in one ? <LockName lock={one.lock} /> : <TaskName task={one.task} />}</th>
            <Figures of={one} />
          </tr>
        ))}
      </Table>
      {chosen !== undefined && <StatisticsDetail statistics={chosen} />}
    </div>
  );
}

function Figures({ of }: { readonly of: Statistics }) {
  const { waits, holds, contended, acquisitions } = of;
  const duration = (ms: number) => (ms === 0 ? "–" : formatDuration(ms));
  return (
    <>
      <td class="number">{duration(waits.total)}</td>
      <td class="number">{formatCount(contended)}</td>
      <td class="number">{duration(waits.max)}</td>
      {"maxQueue" in of && <td class="number">{formatCount(of.maxQueue)}</td>}
      <td class="number">{formatCount(acquisitions)}</td>
      <td class="number">{duration(holds.total)}</td>
      <td class="number">{duration(holds.max)}</td>
    </>
  );
}
