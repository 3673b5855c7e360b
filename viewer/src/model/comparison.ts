/** How the table of a comparison sorts, and what it shows. */
import type { LockComparison, UsageFigure } from "@lockscope/trace";
import { formatCount, formatDuration, formatKind } from "./format.js";
import { cut, type Order, type Rows, sorted } from "./rows.js";

export type ComparisonColumn = "seen" | "name" | UsageFigure;

/** As ranked, by the change of the waits; else by the change of what is asked for. */
export function comparisonRows(
  locks: readonly LockComparison[],
  { column, descending }: Order<ComparisonColumn>,
): Rows<LockComparison> {
  if (column === "seen") return cut(locks);
  const key = (lock: LockComparison) =>
    column === "name" ? `${lock.name} ${formatKind(lock.kind)}` : lock.change[column];
  return cut(sorted(locks, key, descending));
}

const COUNTS: ReadonlySet<UsageFigure> = new Set(["uses", "contended"]);

/** `40.0 ms → 12.0 ms`, or one value where nothing changed. */
export function figureText({ before, after }: LockComparison, figure: UsageFigure): string {
  const text = (value: number) => (COUNTS.has(figure) ? formatCount(value) : formatDuration(value));
  const [old, now] = [text(before?.[figure] ?? 0), text(after?.[figure] ?? 0)];
  return old === now ? now : `${old} → ${now}`;
}

/** `+28.0 ms (+230 %)`; empty where nothing changed that could be seen. */
export function changeText({ before, change }: LockComparison, figure: UsageFigure): string {
  const by = change[figure];
  const size = COUNTS.has(figure) ? formatCount(Math.abs(by)) : formatDuration(Math.abs(by));
  if (size === "0") return "";
  const sign = by > 0 ? "+" : "−";
  const old = before?.[figure] ?? 0;
  const share = old === 0 ? "" : ` (${sign}${Math.round((Math.abs(by) / old) * 100)} %)`;
  return `${sign}${size}${share}`;
}
