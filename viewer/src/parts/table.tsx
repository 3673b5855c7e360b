import type { ComponentChildren } from "preact";
import { formatCount } from "../model/format.js";
import type { Order } from "../model/rows.js";

export interface Column<C extends string> {
  readonly id: C | undefined;
  readonly title: string;
  readonly numeric?: boolean;
  /** Big numbers are looked for first. */
  readonly descendingFirst?: boolean;
}

interface TableProps<C extends string> {
  readonly id: string;
  readonly caption: string;
  readonly columns: readonly Column<C>[];
  readonly order: Order<C>;
  readonly shown: number;
  readonly total: number;
  readonly empty: string;
  onOrder(order: Order<C>): void;
  readonly children: ComponentChildren;
}

/** A table with a caption, headers that sort, and a note about what is not shown. */
export function Table<C extends string>(props: TableProps<C>) {
  const { id, caption, columns, order, shown, total } = props;
  return (
    <div class="panel">
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard */}
      <section class="scroll" tabIndex={0} aria-label={caption}>
        <table id={id}>
          <thead>
            <tr>
              {columns.map((column) => (
                <Header key={column.title} column={column} order={order} onOrder={props.onOrder} />
              ))}
            </tr>
          </thead>
          <tbody>{props.children}</tbody>
        </table>
        {shown === 0 && <p class="note">{props.empty}</p>}
        {total > shown && (
          <p class="note">
            {formatCount(total - shown)} more are not listed. Filter by name, or sort, to bring them up.
          </p>
        )}
      </section>
    </div>
  );
}

interface HeaderProps<C extends string> {
  readonly column: Column<C>;
  readonly order: Order<C>;
  onOrder(order: Order<C>): void;
}

/** First click sorts, the second turns it round, the third goes back to the order of appearance. */
function Header<C extends string>({ column, order, onOrder }: HeaderProps<C>) {
  const { id, title, numeric = false, descendingFirst = false } = column;
  const style = numeric ? "number" : undefined;
  if (id === undefined) {
    return (
      <th scope="col" class={style}>
        {title}
      </th>
    );
  }
  const active = order.column === id;
  const next = (): Order<C> => {
    if (!active) return { column: id, descending: descendingFirst };
    if (order.descending === descendingFirst) return { column: id, descending: !descendingFirst };
    return { column: "seen" as C, descending: false };
  };
  const sort = active ? (order.descending ? "descending" : "ascending") : "none";
  return (
    <th scope="col" class={style} aria-sort={sort}>
      <button type="button" onClick={() => onOrder(next())}>
        {title}
        <span class="sort" aria-hidden="true">
          {active ? (order.descending ? "▾" : "▴") : ""}
        </span>
      </button>
    </th>
  );
}
