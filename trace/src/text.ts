/**
 * The text form of a trace: one line an event, for people, `grep` and the `locktrace` grammar.
 *
 *     # bank.ts  pid 4711  node v20.20.2  started 2026-01-02T03:04:05.678Z
 *     #  time (ms)  task  event
 *          12.345678  #2 "transfer a"   acquire    mutex#1 "accounts a"  exclusive  at bank.ts:12:9 (transfer)
 */
import type { Prelude } from "./prelude.js";
import type { TraceEvent } from "./row-decoder.js";
import {
  BLOCKS_THREAD,
  CANCELLABLE,
  EndReason,
  EventKind,
  LockKind,
  MarkLevel,
  Mode,
  nameOf,
  restatedMode,
  Signal,
  Status,
  TRIED,
} from "./schema.js";
import type { Site } from "./sites.js";
import type { ProgramEnd } from "./state.js";
import type { TraceStore } from "./store.js";

/** The comment lines that a trace's text begins with. */
export function traceHeaderText(prelude: Prelude): string {
  const { program, node, start } = prelude.meta;
  const started = Number.isNaN(new Date(start).valueOf()) ? "unknown" : new Date(start).toISOString();
  return `# ${printable(program)}  pid ${prelude.pid}  node ${printable(node)}  started ${started}\n`;
}

/**
 * The trace as lines, without line ends, in the order of arrival. Names are those known at the end.
 * Text from the trace is quoted and escaped, so that a name cannot forge a line or send codes to a terminal.
 */
export function traceLines(store: TraceStore): string[] {
  const lines: string[] = [];
  store.forEachEvent((event) => lines.push(eventText(store, event)));
  if (store.dropped > 0) lines.push(`# ${store.dropped} events were dropped`);
  return lines;
}

/** One event as one line. */
export function eventText(store: TraceStore, event: TraceEvent): string {
  const kind = nameOf(EventKind, event.kind) ?? `event${event.kind}`;
  const site = store.sites.get(event.site);
  const parts = [
    event.time.toFixed(6).padStart(14),
    taskText(store, event.task).padEnd(18),
    kind.padEnd(10),
    subjectText(store, event),
    eventDetail(event),
    site === undefined ? "" : `at ${siteText(site)}`,
  ];
  return parts
    .filter((part) => part !== "")
    .join("  ")
    .trimEnd();
}

/** `file:line:column (function)`. */
export function siteText(site: Site): string {
  const column = site.column > 0 ? `:${site.column}` : "";
  const func = site.func === "" ? "" : ` (${printable(site.func)})`;
  return `${printable(site.file)}:${site.line}${column}${func}`;
}

/** Control characters, line separators and direction marks replaced by their escapes. */
export function printable(text: string): string {
  return text.replace(
    UNPRINTABLE,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
}

const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

const quoted = (text: string) => `"${printable(text.replace(/[\\"]/g, "\\$&"))}"`;

function taskText(store: TraceStore, id: number): string {
  const name = store.live.findTask(id)?.name;
  return name === undefined ? `#${id}` : `#${id} ${quoted(name)}`;
}

function subjectText(store: TraceStore, event: TraceEvent): string {
  const joined = joinedTask(event);
  if (joined !== undefined) return `task${taskText(store, joined)}`;
  if (event.lock === 0) return "";
  const lock = store.live.findLock(event.lock);
  const kind = nameOf(LockKind, lock?.kind ?? LockKind.unknown) ?? "lock";
  return `${kind}#${event.lock} ${quoted(lock?.name ?? "")}`;
}

/** The id of the task that a row is about, of a wait for another task's end: it stands where others have a lock. */
export const joinedTask = (event: TraceEvent): number | undefined =>
  waitModeOf(event) === Mode.join ? event.lock : undefined;

function waitModeOf(event: TraceEvent): number | undefined {
  if (event.kind === EventKind.status && event.arg >= Status.waits) return restatedMode(event.arg);
  return WITH_MODE.has(event.kind) ? event.arg : undefined;
}

const WITH_MODE: ReadonlySet<number> = new Set([
  EventKind.acquire,
  EventKind.block,
  EventKind.unblock,
  EventKind.release,
  EventKind.tryFail,
  EventKind.cancel,
  EventKind.timeout,
]);

/** Why a trace ends, in a word: "exit", "stuck", "SIGTERM". */
export function endReasonText(reason: number, signal: number | undefined): string {
  if (reason === EndReason.signal && signal !== undefined)
    return nameOf(Signal, signal) ?? `signal ${signal}`;
  return nameOf(EndReason, reason) ?? `reason${reason}`;
}

/** How the program ended, where that is worth a word: "ended by SIGTERM". */
export function endText({ reason, signal }: ProgramEnd): string | undefined {
  switch (reason) {
    case EndReason.signal:
      return `ended by ${endReasonText(reason, signal)}`;
    case EndReason.uncaught:
      return "ended by an uncaught error";
    case EndReason.detached:
      return "detached";
    default:
      return undefined;
  }
}

/** What a row says besides who, what and where: a mode, a delta, a reason. */
export function eventDetail(event: TraceEvent): string {
  const { kind, arg, value } = event;
  if (WITH_MODE.has(kind)) {
    const tried = kind === EventKind.acquire && (arg & TRIED) !== 0;
    const plain = tried ? arg & ~TRIED : arg;
    const mode = `${nameOf(Mode, plain) ?? `mode${plain}`}${tried ? " tried" : ""}`;
    if (kind === EventKind.block) {
      if (value === CANCELLABLE) return `${mode} cancellable`;
      return value === BLOCKS_THREAD ? `${mode} blocking its thread` : mode;
    }
    return value === undefined ? mode : `${mode} x${value}`;
  }
  switch (kind) {
    case EventKind.taskEnd:
      return arg === 1 ? "threw" : "";
    case EventKind.recv:
      return arg === 1 ? "closed" : "";
    case EventKind.add: {
      const delta = value ?? (arg << 24) >> 24;
      return delta < 0 ? String(delta) : `+${delta}`;
    }
    case EventKind.selectEnd:
      return `case ${arg}`;
    case EventKind.mark:
      return nameOf(MarkLevel, arg) ?? "";
    case EventKind.programEnd:
      return endReasonText(arg, value);
    case EventKind.status: {
      if (arg >= Status.waits) return `waits ${nameOf(Mode, restatedMode(arg)) ?? ""}`.trimEnd();
      const status = nameOf(Status, arg) ?? `status${arg}`;
      return value === undefined ? status : `${status} ${value}`;
    }
    default:
      return "";
  }
}
