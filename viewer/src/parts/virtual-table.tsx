import type { ComponentChildren, RefObject } from "preact";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";

/** Height of every row, in CSS pixels; the style sheet has the same. */
const ROW_HEIGHT = 22;
/** Rows made beyond the edges, so that a slow frame shows no gap. */
const MARGIN = 8;

interface VirtualTableProps {
  readonly id: string;
  readonly label: string;
  readonly columns: readonly string[];
  readonly count: number;
  /** Scrolled to when it changes. */
  readonly reveal: number | undefined;
  row(position: number): ComponentChildren;
}

/** A table of any number of rows, of which only those in sight are made. */
export function VirtualTable({ id, label, columns, count, reveal, row }: VirtualTableProps) {
  const box = useRef<HTMLElement>(null);
  const { top, height } = useScroll(box);
  useEffect(() => {
    if (reveal === undefined || box.current === null) return;
    const middle = reveal * ROW_HEIGHT - box.current.clientHeight / 2 + ROW_HEIGHT;
    box.current.scrollTop = Math.max(0, middle);
  }, [reveal]);
  const first = Math.max(0, Math.min(Math.floor(top / ROW_HEIGHT), count) - MARGIN);
  const end = Math.min(count, Math.ceil((top + height) / ROW_HEIGHT) + MARGIN);
  const rows: ComponentChildren[] = [];
  for (let position = first; position < end; position++) rows.push(row(position));
  return (
    // biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolling area must be reachable by keyboard
    <section class="scroll" ref={box} tabIndex={0} aria-label={label}>
      <table id={id} aria-rowcount={count + 1}>
        <thead>
          <tr aria-rowindex={1}>
            {columns.map((title) => (
              <th key={title} scope="col">
                {title}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          <Gap rows={first} columns={columns.length} />
          {rows}
          <Gap rows={count - end} columns={columns.length} />
        </tbody>
      </table>
    </section>
  );
}

/** Takes the room of rows that are not made. */
function Gap({ rows, columns }: { readonly rows: number; readonly columns: number }) {
  const cell = useRef<HTMLTableCellElement>(null);
  useLayoutEffect(() => {
    if (cell.current !== null) cell.current.style.height = `${rows * ROW_HEIGHT}px`;
  }, [rows]);
  return (
    <tr class="gap">
      <td ref={cell} colSpan={columns} />
    </tr>
  );
}

function useScroll(box: RefObject<HTMLElement | null>): { readonly top: number; readonly height: number } {
  const [scroll, setScroll] = useState({ top: 0, height: 600 });
  useEffect(() => {
    const element = box.current!;
    const changed = () => setScroll({ top: element.scrollTop, height: element.clientHeight });
    const observer = new ResizeObserver(changed);
    observer.observe(element);
    element.addEventListener("scroll", changed, { passive: true });
    return () => {
      observer.disconnect();
      element.removeEventListener("scroll", changed);
    };
  }, [box]);
  return scroll;
}
