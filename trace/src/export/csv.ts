/** Comma-separated values as RFC 4180 has them, for spreadsheets and scripts. */
import type { RangeStatistics } from "../questions/range-statistics.js";
import type { TraceEvent } from "../row-decoder.js";
import { EventKind, LockKind, NO_LOCK, nameOf } from "../schema.js";
import type { Site, SiteTable } from "../sites.js";
import type { TraceStore } from "../store.js";
import { eventDetail, joinedTask } from "../text.js";
import { windowEnds } from "../window-ends.js";

type Cell = string | number | undefined;

/** A row for each event, times in milliseconds, in pieces of text. Names are those known at the end. */
export function* eventsCsv(store: TraceStore): Generator<string> {
  yield line(
    ["time_ms", "thread", "event", "detail", "task_id", "task", "lock_id", "lock_kind", "lock"].concat(PLACE),
  );
  let after = Number.NEGATIVE_INFINITY;
  for (const until of windowEnds(store)) {
    const lines: string[] = [];
    store.eventsBetween(after, until, (event) => lines.push(line(eventCells(store, event))));
    yield lines.join("");
    after = until;
  }
}

function eventCells(store: TraceStore, event: TraceEvent): Cell[] {
  const { time, thread, kind, task, lock, site } = event;
  const joined = joinedTask(event);
  const subject = joined === undefined ? store.live.findLock(lock) : store.live.findTask(joined);
  const subjectKind =
    joined !== undefined ? "task" : subject !== undefined && "kind" in subject ? kindText(subject.kind) : "";
  return [
    time.toFixed(6),
    thread,
    nameOf(EventKind, kind) ?? `event${kind}`,
    eventDetail(event),
    task,
    store.live.findTask(task)?.name,
    joined ?? (lock === NO_LOCK ? undefined : lock),
    subjectKind,
    subject?.name,
    ...placeCells(store.sites.get(site)),
  ];
}

/** A row for each lock: uses, waits and holds, times in milliseconds. */
export function* locksCsv({ locks }: RangeStatistics, sites: Pick<SiteTable, "get">): Generator<string> {
  const spread = (of: string) =>
    ["total", "mean", "p50", "p90", "p99", "max"].map((what) => `${of}_${what}_ms`);
  yield line(
    ["lock_id", "lock_kind", "lock", "acquisitions", "contended", "max_queue", "waits"].concat(
      spread("wait"),
      "holds",
      spread("hold"),
      PLACE,
    ),
  );
  for (const { lock, acquisitions, contended, maxQueue, waits, holds } of locks) {
    const times = [waits, holds].flatMap((histogram) => [
      histogram.count,
      ...[
        histogram.total,
        histogram.count === 0 ? 0 : histogram.total / histogram.count,
        histogram.quantile(0.5),
        histogram.quantile(0.9),
        histogram.quantile(0.99),
        histogram.max,
      ].map((ms) => ms.toFixed(6)),
    ]);
    yield line([
      lock.id,
      kindText(lock.kind),
      lock.name,
      acquisitions,
      contended,
      maxQueue,
      ...times,
      ...placeCells(sites.get(lock.site)),
    ]);
  }
}

const PLACE = ["file", "line", "column", "function"];

const placeCells = (site: Site | undefined): Cell[] =>
  site === undefined ? ["", "", "", ""] : [site.file, site.line, site.column || "", site.func];

const kindText = (kind: LockKind) => nameOf(LockKind, kind) ?? `kind${kind}`;

const line = (cells: readonly Cell[]) => `${cells.map(cellText).join(",")}\r\n`;

/**
 * A text that a spreadsheet would take for a formula gets an apostrophe in front, which it then shows as text:
 * names are the program's, and may be anybody's.
 */
function cellText(cell: Cell): string {
  if (typeof cell === "number") return String(cell);
  if (cell === undefined) return "";
  const text = /^[=+\-@\t\r]/.test(cell) && !isNumber(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const isNumber = (text: string) => /^[+-]?\d+(\.\d+)?$/.test(text);
