import {
  type Comparison,
  durationText,
  type LockComparison,
  lockTypeText,
  placeText,
  plural,
  printable,
  type TraceTotals,
} from "@lockscope/trace";

const columns = [
  "lock",
  "uses",
  "waited",
  "wait in all",
  "longest wait",
  "hold in all",
  "longest hold",
] as const;

/** Two traces side by side: a line for each, then a line a lock with its figures before and after. */
export function comparisonText({ before, after, locks }: Comparison): string {
  const rows = [columns as readonly string[], ...locks.map(cells)];
  const widths = columns.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, column) => cell.padEnd(widths[column]!))
      .join("  ")
      .trimEnd();
  return [`before  ${totals(before)}`, `after   ${totals(after)}`, "", ...rows.map(line)].join("\n");
}

function totals({ duration, events, tasks, locks }: TraceTotals): string {
  return `${durationText(duration)}, ${plural(events, "event")}, ${plural(tasks, "task")}, ${plural(locks, "lock")}`;
}

function cells({ kind, name, site, before, after }: LockComparison): string[] {
  const change = (figure: "uses" | "contended") =>
    changed(String(before?.[figure] ?? "-"), String(after?.[figure] ?? "-"));
  const time = (figure: "totalWait" | "maxWait" | "totalHold" | "maxHold") =>
    changed(
      before === undefined ? "-" : durationText(before[figure]),
      after === undefined ? "-" : durationText(after[figure]),
    );
  const note = before === undefined ? " (new)" : after === undefined ? " (gone)" : "";
  const place = site === undefined ? "" : ` ${placeText(site)}`;
  return [
    `${lockTypeText(kind)} "${printable(name)}"${place}${note}`,
    change("uses"),
    change("contended"),
    time("totalWait"),
    time("maxWait"),
    time("totalHold"),
    time("maxHold"),
  ];
}

const changed = (before: string, after: string) => (before === after ? before : `${before} → ${after}`);
