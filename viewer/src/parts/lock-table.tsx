import { type LockState, longestWait, type StaticFinding } from "@lockscope/trace";
import { useState } from "preact/hooks";
import type { FindingsByLock } from "../model/alarms.js";
import { holdVerb, lockStatus, lockStatusText } from "../model/describe.js";
import { formatCount, formatDuration, formatKind } from "../model/format.js";
import { type LockColumn, lockRows, type Order } from "../model/rows.js";
import { LockFindings } from "./lock-findings.js";
import { useMoment } from "./moment.js";
import { LockName, TaskName } from "./names.js";
import { Place } from "./place.js";
import { Since } from "./since.js";
import { type Column, Table } from "./table.js";

const columns: readonly Column<LockColumn>[] = [
  { id: "kind", title: "Kind" },
  { id: "name", title: "Name" },
  { id: undefined, title: "State" },
  { id: "waiters", title: "Waiters", numeric: true, descendingFirst: true },
  { id: "uses", title: "Uses", numeric: true, descendingFirst: true },
  { id: "longest", title: "Longest wait", numeric: true, descendingFirst: true },
  { id: undefined, title: "Made at" },
];

interface LockTableProps {
  readonly locks: readonly LockState[];
  /** Not all locks are among them. */
  readonly filtered: boolean;
  readonly byLock: FindingsByLock;
}

export function LockTable({ locks, filtered, byLock }: LockTableProps) {
  const { time, trouble } = useMoment();
  const [order, setOrder] = useState<Order<LockColumn>>({ column: "seen", descending: false });
  const { rows, total } = lockRows(locks, order, time);
  return (
    <Table
      id="locks"
      caption="Locks"
      columns={columns}
      order={order}
      onOrder={setOrder}
      shown={rows.length}
      total={total}
      empty={filtered ? "No lock is like that." : "No lock has been made yet."}
    >
      {rows.map((lock) => (
        <LockRow
          key={lock.id}
          lock={lock}
          time={time}
          stuck={trouble.stuck.has(lock)}
          findings={byLock.ofLock.get(lock.id)}
        />
      ))}
    </Table>
  );
}

interface LockRowProps {
  readonly lock: LockState;
  readonly time: number;
  readonly stuck: boolean;
  readonly findings: readonly StaticFinding[] | undefined;
}

function LockRow({ lock, time, stuck, findings }: LockRowProps) {
  const status = lockStatus(lock);
  const holder = lock.holders.oldest?.task.name;
  const waiters = [...lock.waiters].slice(0, 20).map(({ task }) => task.name);
  return (
    <tr
      data-lock={lock.name}
      data-kind={formatKind(lock.kind)}
      data-state={status}
      data-holder={holder}
      data-waiters={lock.waiters.size}
      data-uses={lock.uses}
      data-stuck={stuck}
    >
      <td class="dim">{formatKind(lock.kind)}</td>
      <th scope="row">
        <LockName lock={lock} />
        <LockFindings findings={findings} />
      </th>
      <td>
        <LockStateCell lock={lock} time={time} />
      </td>
      <td class="number" title={waiters.join(", ")}>
        {formatCount(lock.waiters.size)}
      </td>
      <td class="number">{formatCount(lock.uses)}</td>
      <td class="number">{lock.contentions === 0 ? "–" : formatDuration(longestWait(lock, time))}</td>
      <td>
        <Place site={lock.site} label={`${lock.name} was made at`} />
      </td>
    </tr>
  );
}

function LockStateCell({ lock, time }: { readonly lock: LockState; readonly time: number }) {
  const status = lockStatus(lock);
  const hold = lock.holders.oldest;
  if (hold === undefined || status === "permits" || (status === "readers" && lock.holders.size > 1)) {
    const names = [...lock.holders].slice(0, 20).map(({ task }) => task.name);
    return (
      <span class="mark" data-mark={hold === undefined ? "free" : "held"} title={names.join(", ")}>
        {lockStatusText(lock)}
      </span>
    );
  }
  return (
    <span class="mark fields" data-mark="held">
      <span class="shrinks">
        {holdVerb(hold)} <TaskName task={hold.task} />
      </span>{" "}
      <Since since={hold.since} time={time} /> <Place site={hold.site} label={`${lock.name} was taken at`} />
    </span>
  );
}
