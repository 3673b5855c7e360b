import { type LockState, longestWait, type TaskState } from "@lockscope/trace";
import { useState } from "preact/hooks";
import { holdVerb, lockStatus, lockStatusText } from "../model/describe.js";
import { formatCount, formatDuration, formatInstant, formatKind } from "../model/format.js";
import { type LockColumn, lockRows, type Order } from "../model/rows.js";
import { usePage } from "./page.js";
import { Place } from "./place.js";
import { type Column, Table } from "./table.js";

const columns: readonly Column<LockColumn>[] = [
  { id: "kind", title: "Kind" },
  { id: "name", title: "Name" },
  { id: undefined, title: "State" },
  { id: "waiters", title: "Waiters", numeric: true, descendingFirst: true },
  { id: "uses", title: "Uses", numeric: true, descendingFirst: true },
  { id: "longest", title: "Longest wait", numeric: true, descendingFirst: true },
];

interface LockTableProps {
  readonly filter: string;
  readonly stuck: ReadonlySet<TaskState | LockState>;
}

export function LockTable({ filter, stuck }: LockTableProps) {
  const { session } = usePage();
  const [order, setOrder] = useState<Order<LockColumn>>({ column: "seen", descending: false });
  const { now } = session;
  const { rows, total } = lockRows(session.store.live.locks, filter, order, now);
  return (
    <Table
      id="locks"
      caption="Locks"
      columns={columns}
      order={order}
      onOrder={setOrder}
      shown={rows.length}
      total={total}
      empty={filter === "" ? "No lock has been made yet." : "No lock has such a name."}
    >
      {rows.map((lock) => (
        <LockRow key={lock.id} lock={lock} now={now} stuck={stuck.has(lock)} />
      ))}
    </Table>
  );
}

function LockRow({
  lock,
  now,
  stuck,
}: {
  readonly lock: LockState;
  readonly now: number;
  readonly stuck: boolean;
}) {
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
        <Place site={lock.site} text={lock.name} />
      </th>
      <td>
        <LockStateCell lock={lock} />
      </td>
      <td class="number" title={waiters.join(", ")}>
        {formatCount(lock.waiters.size)}
      </td>
      <td class="number">{formatCount(lock.uses)}</td>
      <td class="number">{lock.contentions === 0 ? "–" : formatDuration(longestWait(lock, now))}</td>
    </tr>
  );
}

function LockStateCell({ lock }: { readonly lock: LockState }) {
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
      <span class="shrinks" title={hold.task.name}>
        {holdVerb(hold)} <b>{hold.task.name}</b>
      </span>{" "}
      <span title={formatInstant(hold.since)}>since {formatDuration(hold.since)}</span>{" "}
      <Place site={hold.site} label={`${lock.name} was taken at`} />
    </span>
  );
}
