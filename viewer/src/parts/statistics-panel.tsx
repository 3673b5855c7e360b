import {
  type LockState,
  type LockStatistics,
  type RangeStatistics,
  rangeStatisticsInSteps,
  type TaskState,
  type TaskStatistics,
} from "@lockscope/trace";
import type { ComponentChildren } from "preact";
import { useMemo, useState } from "preact/hooks";
import { isFocus, lockFocus, taskFocus } from "../model/focus.js";
import { formatCount, formatDuration, formatInstant, formatKind, plural } from "../model/format.js";
import type { Order } from "../model/rows.js";
import { type Statistics, type StatisticsColumn, statisticsRows } from "../model/statistics.js";
import { useChanges } from "./moment.js";
import { LockName, TaskName } from "./names.js";
import { useAnswer } from "./paced.js";
import { usePage } from "./page.js";
import { LockDetail, TaskDetail } from "./statistics-detail.js";
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
      {of === "locks" ? (
        <LockStatisticsView locks={locks} statistics={statistics.locks} />
      ) : (
        <TaskStatisticsView tasks={tasks} statistics={statistics.tasks} />
      )}
    </>
  );
}

const rangeText = ({ from, to, events }: RangeStatistics, isSelected: boolean): string =>
  `${isSelected ? "The selected range" : "The whole trace"}: ${formatDuration(to - from)} from ${formatInstant(from)}, ${plural(events, "event")}`;

const inOrder: Order<StatisticsColumn> = { column: "seen", descending: false };

interface LockStatisticsViewProps {
  readonly locks: readonly LockState[];
  readonly statistics: readonly LockStatistics[];
}

function LockStatisticsView({ locks, statistics }: LockStatisticsViewProps) {
  const { focus, setFocus } = usePage();
  const [order, setOrder] = useState(inOrder);
  const wanted = useMemo(() => new Set(locks.map(({ id }) => id)), [locks]);
  const found = statistics.filter(({ lock }) => wanted.has(lock.id));
  const { rows, total } = statisticsRows(found, order);
  const chosen = found.find(({ lock }) => isFocus(focus, "lock", lock.id)) ?? rows[0];
  return (
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
          <tr
            key={one.lock.id}
            data-lock={one.lock.name}
            aria-current={one === chosen}
            onClick={() => setFocus(lockFocus(one.lock))}
          >
            <th scope="row" title={formatKind(one.lock.kind)}>
              <LockName lock={one.lock} />
            </th>
            <Figures of={one}>
              <td class="number">{formatCount(one.maxQueue)}</td>
            </Figures>
          </tr>
        ))}
      </Table>
      {chosen !== undefined && <LockDetail statistics={chosen} />}
    </div>
  );
}

interface TaskStatisticsViewProps {
  readonly tasks: readonly TaskState[];
  readonly statistics: readonly TaskStatistics[];
}

function TaskStatisticsView({ tasks, statistics }: TaskStatisticsViewProps) {
  const { focus, setFocus } = usePage();
  const [order, setOrder] = useState(inOrder);
  const wanted = useMemo(() => new Set(tasks.map(({ id }) => id)), [tasks]);
  const found = statistics.filter(({ task }) => wanted.has(task.id));
  const { rows, total } = statisticsRows(found, order);
  const chosen = found.find(({ task }) => isFocus(focus, "task", task.id)) ?? rows[0];
  return (
    <div class="columns">
      <Table
        id="task-statistics"
        caption="Contention"
        columns={taskColumns}
        order={order}
        onOrder={setOrder}
        shown={rows.length}
        total={total}
        empty="None of these tasks used a lock."
      >
        {rows.map((one) => (
          <tr
            key={one.task.id}
            data-task={one.task.name}
            aria-current={one === chosen}
            onClick={() => setFocus(taskFocus(one.task))}
          >
            <th scope="row">
              <TaskName task={one.task} />
            </th>
            <Figures of={one} />
          </tr>
        ))}
      </Table>
      {chosen !== undefined && <TaskDetail statistics={chosen} />}
    </div>
  );
}

interface FiguresProps {
  readonly of: Statistics;
  /** What stands between the waits and the holds. */
  readonly children?: ComponentChildren;
}

function Figures({ of: { waits, holds, contended, acquisitions }, children }: FiguresProps) {
  const duration = (ms: number) => (ms === 0 ? "–" : formatDuration(ms));
  return (
    <>
      <td class="number">{duration(waits.total)}</td>
      <td class="number">{formatCount(contended)}</td>
      <td class="number">{duration(waits.max)}</td>
      {children}
      <td class="number">{formatCount(acquisitions)}</td>
      <td class="number">{duration(holds.total)}</td>
      <td class="number">{duration(holds.max)}</td>
    </>
  );
}
