import { type Comparison, compareTraces, type LockComparison, type LockState } from "@lockscope/trace";
import { useMemo, useState } from "preact/hooks";
import type { LoadedTrace } from "../loaded-trace.js";
import { type ComparisonColumn, changeText, comparisonRows, figureText } from "../model/comparison.js";
import { formatCount, formatDuration, formatKind, formatPlace } from "../model/format.js";
import type { Order } from "../model/rows.js";
import { LockName } from "./names.js";
import { usePaced } from "./paced.js";
import { usePage } from "./page.js";
import { SourceLink } from "./place.js";
import { type Column, Table } from "./table.js";

interface ComparePanelProps {
  readonly locks: readonly LockState[];
  /** Not all locks are among them. */
  readonly filtered: boolean;
  onLoad(id: string): void;
  onFile(): void;
}

/** This trace beside another one: which locks are waited for more than before, or less. */
export function ComparePanel({ locks, filtered, onLoad, onFile }: ComparePanelProps) {
  const { session } = usePage();
  const { other } = session;
  return (
    <>
      <div class="compare-bar">
        <Choice onLoad={onLoad} onFile={onFile} />
        {other?.loaded !== undefined && (
          <p class="note">
            <progress class="loading" aria-label={`Loading ${other.info.name}`} value={other.loaded} />
          </p>
        )}
        {other?.end?.message !== undefined && (
          <p class="alert warning" role="status">
            {other.info.name}: {other.end.message}
          </p>
        )}
      </div>
      {other !== undefined && other.loaded === undefined && (
        <Changes other={other} locks={locks} filtered={filtered} />
      )}
    </>
  );
}

function Choice({ onLoad, onFile }: Pick<ComparePanelProps, "onLoad" | "onFile">) {
  const { session } = usePage();
  const others = session.list.filter(({ id }) => id !== session.info?.id);
  return (
    <p class="compare-with">
      Compare with{" "}
      {others.map(({ id, name }) => (
        <button
          key={id}
          type="button"
          class="button"
          aria-pressed={id === session.other?.info.id}
          onClick={() => onLoad(id)}
        >
          {name}
        </button>
      ))}
      <button type="button" class="button" onClick={onFile}>
        A trace file…
      </button>
    </p>
  );
}

const columns: readonly Column<ComparisonColumn>[] = [
  { id: "name", title: "Lock" },
  { id: "totalWait", title: "Waited", numeric: true, descendingFirst: true },
  { id: undefined, title: "Change", numeric: true },
  { id: "maxWait", title: "Longest wait", numeric: true, descendingFirst: true },
  { id: "contended", title: "Waits", numeric: true, descendingFirst: true },
  { id: "uses", title: "Taken", numeric: true, descendingFirst: true },
  { id: "totalHold", title: "Held", numeric: true, descendingFirst: true },
];

interface ChangesProps {
  readonly other: LoadedTrace;
  readonly locks: readonly LockState[];
  readonly filtered: boolean;
}

function Changes({ other, locks, filtered }: ChangesProps) {
  const { session } = usePage();
  const [order, setOrder] = useState<Order<ComparisonColumn>>({ column: "seen", descending: false });
  const { store, info } = session;
  const key = `${other.info.id} ${other.store.eventCount} ${info?.id} ${store.eventCount}`;
  const comparison = usePaced(key, () => compareTraces(other.store, store));
  const wanted = useMemo(() => new Set(locks), [locks]);
  const found = filtered
    ? comparison.locks.filter(({ after }) => after?.locks.some((lock) => wanted.has(lock)))
    : comparison.locks;
  const { rows, total } = comparisonRows(found, order);
  return (
    <>
      <Totals comparison={comparison} before={other.info.name} after={info?.name ?? ""} />
      <Table
        id="comparison"
        caption="What has changed"
        columns={columns}
        order={order}
        onOrder={setOrder}
        shown={rows.length}
        total={total}
        empty="None of these locks is in both traces."
      >
        {rows.map((lock, index) => (
          <ChangeRow key={`${lock.kind} ${lock.name} ${index}`} lock={lock} />
        ))}
      </Table>
    </>
  );
}

function ChangeRow({ lock }: { readonly lock: LockComparison }) {
  const { kind, name, site, before, after, change } = lock;
  const state = before === undefined ? "new" : after === undefined ? "gone" : "both";
  const known = after?.locks[0];
  const trend = change.totalWait > 0 ? "worse" : change.totalWait < 0 ? "better" : "same";
  return (
    <tr data-lock={name} data-in={state}>
      <th scope="row" title={formatKind(kind)}>
        {known === undefined ? name : <LockName lock={known} />}
        {state !== "both" && <span class="badge">{state}</span>}{" "}
        {site !== undefined && <SourceLink place={site} text={formatPlace(site)} />}
      </th>
      <td class="number">{figureText(lock, "totalWait")}</td>
      <td class="number" data-trend={trend}>
        {changeText(lock, "totalWait")}
      </td>
      <td class="number">{figureText(lock, "maxWait")}</td>
      <td class="number">{figureText(lock, "contended")}</td>
      <td class="number">{figureText(lock, "uses")}</td>
      <td class="number">{figureText(lock, "totalHold")}</td>
    </tr>
  );
}

interface TotalsProps {
  readonly comparison: Comparison;
  /** The names of the two traces. */
  readonly before: string;
  readonly after: string;
}

function Totals({ comparison, before, after }: TotalsProps) {
  const sides = [
    { title: "Before", name: before, totals: comparison.before },
    { title: "After", name: after, totals: comparison.after },
  ];
  return (
    <ul class="totals" id="totals">
      {sides.map(({ title, name, totals }) => (
        <li key={title}>
          {title}: <b>{name}</b>{" "}
          <span class="dim">
            {formatDuration(totals.duration)}, {formatCount(totals.events)} events,{" "}
            {formatCount(totals.tasks)} tasks, {formatCount(totals.locks)} locks
          </span>
        </li>
      ))}
    </ul>
  );
}
