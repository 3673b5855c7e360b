import type { TaskState } from "@lockscope/trace";
import { useState } from "preact/hooks";
import { waitTarget } from "../model/describe.js";
import { formatDuration, formatInstant } from "../model/format.js";
import { type Order, type TaskColumn, taskRows } from "../model/rows.js";
import { useMoment } from "./moment.js";
import { TaskName } from "./names.js";
import { usePage } from "./page.js";
import { Place } from "./place.js";
import { type Column, Table } from "./table.js";

const columns: readonly Column<TaskColumn>[] = [
  { id: "name", title: "Name" },
  { id: "state", title: "State" },
  { id: "waiting", title: "Waiting for" },
  { id: undefined, title: "At" },
  { id: undefined, title: "Started at" },
];

interface TaskTableProps {
  readonly tasks: readonly TaskState[];
  /** Not all tasks are among them. */
  readonly filtered: boolean;
}

export function TaskTable({ tasks, filtered }: TaskTableProps) {
  const { session } = usePage();
  const { time, present, trouble } = useMoment();
  const [order, setOrder] = useState<Order<TaskColumn>>({ column: "seen", descending: false });
  const over = present && session.state !== "live";
  const { rows, total } = taskRows(tasks, order);
  return (
    <Table
      id="tasks"
      caption="Tasks"
      columns={columns}
      order={order}
      onOrder={setOrder}
      shown={rows.length}
      total={total}
      empty={filtered ? "No task is like that." : "No task has done anything yet."}
    >
      {rows.map((task) => (
        <TaskRow key={task.id} task={task} time={time} stuck={trouble.stuck.has(task)} over={over} />
      ))}
    </Table>
  );
}

interface TaskRowProps {
  readonly task: TaskState;
  readonly time: number;
  readonly stuck: boolean;
  /** The program has ended, and with it whatever ran. */
  readonly over: boolean;
}

function TaskRow({ task, time, stuck, over }: TaskRowProps) {
  const wait = task.waits.oldest;
  const more = task.waits.size - 1;
  const phase = stuck ? "stuck" : task.phase === "running" && over ? "ended" : task.phase;
  return (
    <tr
      data-task={task.name}
      data-id={task.id}
      data-state={task.phase}
      data-waits-for={wait?.lock?.name ?? wait?.joins?.name}
      data-stuck={stuck}
    >
      <th scope="row">
        <TaskName task={task} />
      </th>
      <td>
        <span class="mark" data-mark={phase}>
          {phase}
        </span>
      </td>
      <td>
        {wait === undefined ? (
          <span class="dim">{holdsText(task)}</span>
        ) : (
          <span class="fields drops">
            <span class="shrinks" title={waitTarget(wait)}>
              {waitTarget(wait)}
            </span>{" "}
            <span class="dim" title={`since ${formatInstant(wait.since)}`}>
              {formatDuration(time - wait.since)}
              {more > 0 && `, and ${more} more`}
            </span>
          </span>
        )}
      </td>
      <td>{wait !== undefined && <Place site={wait.site} label={`${task.name} waits at`} />}</td>
      <td>
        <Place site={task.site} label={`${task.name} was started at`} />
      </td>
    </tr>
  );
}

function holdsText(task: TaskState): string {
  const { newest, size } = task.holds;
  if (newest === undefined) return "";
  return size === 1 ? `holds ${newest.lock.name}` : `holds ${newest.lock.name} and ${size - 1} more`;
}
