import { Mode, NO_HOLDER, Severity, type Site, type TraceStore } from "@lockscope/trace";
import { waitVerb } from "../model/describe.js";
import { formatDuration, formatInstant, formatKind, formatPlace, plural } from "../model/format.js";
import type { LaneRow } from "./rows.js";

/** A span in words, for its label, its tooltip and the screen reader. */
export interface SpanText {
  /** The other party, short enough to stand in the span. */
  readonly label: string;
  readonly sentence: string;
  readonly time: string;
  readonly site: Site | undefined;
  readonly place: string;
}

export function spanText(store: TraceStore, row: LaneRow, span: number, now: number): SpanText {
  const { spans } = store.live;
  const start = spans.start[span]!;
  const open = spans.end[span] === Number.POSITIVE_INFINITY;
  const end = open ? now : spans.end[span]!;
  const [label, sentence] = row.type === "task" ? taskWords(store, row, span) : lockWords(store, span);
  const since = open ? "since" : "from";
  const site = store.sites.get(spans.site[span]!);
  return {
    label,
    sentence,
    time: `${formatDuration(end - start)}, ${since} ${formatInstant(start)}`,
    site,
    place: site === undefined ? "" : formatPlace(site),
  };
}

function taskWords(store: TraceStore, row: LaneRow, span: number): [label: string, sentence: string] {
  const { spans } = store.live;
  const mode = spans.mode[span]!;
  const subject = spans.subject[span]!;
  if (spans.severity[span] === Severity.wait || spans.severity[span] === Severity.idle) {
    if (mode === Mode.join) {
      const name = store.live.findTask(subject)?.name ?? "";
      return [name, `${waitVerb(mode)} ${name}`];
    }
    const lock = store.live.findLock(subject);
    if (lock === undefined) return ["", waitVerb(mode)];
    const ever = row.stuck && spans.end[span] === Number.POSITIVE_INFINITY ? ", for ever" : "";
    return [lock.name, `${waitVerb(mode)} ${formatKind(lock.kind)} ${lock.name}${ever}`];
  }
  const lock = store.live.findLock(subject);
  const name = lock?.name ?? "";
  const verb = mode === Mode.shared ? "reads under" : "holds";
  const blocking = spans.severity[span] === Severity.blocking ? ", others wait" : "";
  return [name, `${verb} ${formatKind(lock?.kind ?? 0)} ${name}${blocking}`];
}

function lockWords(store: TraceStore, span: number): [label: string, sentence: string] {
  const { spans } = store.live;
  const mode = spans.mode[span]!;
  const amount = spans.amount[span]!;
  const waiting = spans.waiters[span]!;
  const waits = waiting === 0 ? "" : `, ${plural(waiting, "task")} ${waiting === 1 ? "waits" : "wait"}`;
  if (mode === NO_HOLDER) {
    const label = amount > 0 ? String(amount) : plural(waiting, "waiter");
    return [label, `${amount > 0 ? `at ${amount}` : "nobody holds it"}${waits}`];
  }
  const name = store.live.findTask(spans.subject[span]!)?.name ?? "";
  if (amount > 1) {
    const what = plural(amount, mode === Mode.shared ? "reader" : "holder");
    return [what, `${what}, first ${name}${waits}`];
  }
  return [name, `${mode === Mode.shared ? "read by" : "held by"} ${name}${waits}`];
}
