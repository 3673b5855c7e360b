/** The sentences in which alarms speak of tasks, locks, waits and holds. */
import { BEFORE_TRACE, LockKind, MAIN_TASK, Mode, nameOf } from "../schema.js";
import type { Site, SiteTable } from "../sites.js";
import type { Hold, LockState, TaskState, Wait } from "../state.js";
import { printable } from "../text.js";
import type { WaitEdge } from "../wait-graph.js";

export interface WordingOptions {
  /** Milliseconds since the program's time origin; what lasts, lasts until then. */
  readonly now: number;
  /** How a place is written; as `file.ts:12` if left out. Its result is printable. */
  readonly place?: (site: Site) => string;
}

/** `file.ts:12`: as short as a place can be and still be found. */
export function placeText({ file, line }: Pick<Site, "file" | "line">): string {
  const name = /[^/\\]*$/.exec(file)![0];
  return `${printable(name === "" ? file : name)}:${line}`;
}

/** Of everything that a trace has named, only what is printable is shown. */
export class Wording {
  readonly #sites: Pick<SiteTable, "get">;
  readonly #now: number;
  readonly #place: (site: Site) => string;

  constructor(sites: Pick<SiteTable, "get">, { now, place = placeText }: WordingOptions) {
    this.#sites = sites;
    this.#now = now;
    this.#place = place;
  }

  /**
   * `task "transfer" waits for Mutex "bob" (bank.ts:12, for 1.2 s), held by …`, or `task "audit" cannot run: its
   * thread is stopped by task "transfer", which waits for …`
   */
  edge({ from, to, wait, stopped, hold, behind }: WaitEdge): string {
    if (stopped) {
      return `${taskText(from)} cannot run: its thread is stopped by ${taskText(to)}, which ${this.wait(wait)}`;
    }
    const start = `${taskText(from)} ${this.wait(wait)}`;
    if (hold !== undefined) return `${start}, ${from === to ? this.#heldItself(hold) : this.held(hold)}`;
    return behind === undefined ? start : `${start}, behind ${taskText(to)}, a writer that came first`;
  }

  /** `task "audit" waits for Mutex "bob" (bank.ts:20, for 40 ms), held by …` */
  waiting(wait: Wait): string {
    const holds = holdsShown(wait).map((hold) => `, ${this.held(hold)}`);
    return `${taskText(wait.task)} ${this.wait(wait)}${holds.join("")}`;
  }

  /** `waits to receive from Channel "jobs" (queue.ts:7, for 3.0 s)` */
  wait(wait: Wait): string {
    const place = this.place(wait.site);
    const since = `for ${durationText(this.#now - wait.since)}`;
    return `${waitVerb(wait)} (${place === undefined ? since : `${place}, ${since}`})`;
  }

  /** `held by task "audit" (taken at bank.ts:10, 2.5 s ago)` */
  held(hold: Hold): string {
    const { task, mode } = hold;
    const how = mode === Mode.shared ? "read-held" : "held";
    const gone = task.ended === Number.POSITIVE_INFINITY ? "" : "; it has ended";
    return `${how} by ${taskText(task)} (${this.#taken(hold)}${gone})`;
  }

  #heldItself(hold: Hold): string {
    return `which it has itself${hold.mode === Mode.shared ? ", for reading" : ""} (${this.#taken(hold)})`;
  }

  #taken({ task, since, site }: Hold): string {
    const place = this.place(site);
    const ago = durationText(this.#now - since);
    if (task.name === BEFORE_TRACE) return `for at least ${ago}`;
    return `${place === undefined ? "taken" : `taken at ${place},`} ${ago} ago`;
  }

  /** `bank.ts:10`; undefined where the place is not known. */
  place(site: number): string | undefined {
    const place = this.#sites.get(site);
    return place === undefined ? undefined : this.#place(place);
  }
}

export function taskText({ id, name }: TaskState): string {
  if (id !== MAIN_TASK) return `task "${printable(name)}"`;
  return name === "main" ? "the main program" : printable(name);
}

/** `RWMutex "rates"` */
export function lockText(lock: LockState): string {
  return `${lockTypeOf(lock)} "${printable(lock.name)}"`;
}

/** A lock's type by its name: "SharedMutex". Printable. */
export const lockTypeOf = ({ type, kind }: LockState): string =>
  type === "" ? lockTypeText(kind) : printable(type);

/** A kind of lock by the name of its type: "RWMutex". */
export function lockTypeText(kind: LockKind): string {
  const name = nameOf(LockKind, kind) ?? "lock";
  return typeNames.get(kind) ?? name.charAt(0).toUpperCase() + name.slice(1);
}

/** Those that are not called as their kind is. */
const typeNames: ReadonlyMap<number, string> = new Map([
  [LockKind.unknown, "lock"],
  [LockKind.rwmutex, "RWMutex"],
  [LockKind.waitgroup, "WaitGroup"],
  [LockKind.errgroup, "ErrGroup"],
  [LockKind.barrier, "CyclicBarrier"],
  [LockKind.singleflight, "SingleFlight"],
  [LockKind.map, "SyncMap"],
]);

/** Members of a ring, of a crowd or of a select that one line names. */
const MAX_NAMED = 4;

/** Of what is waited for, those who have it, as far as they are named. */
export const holdsShown = ({ lock }: Wait): Hold[] => [...(lock?.holders ?? [])].slice(0, MAX_NAMED);

/** As many as one line has room for. */
export const listed = <T>(things: readonly T[], text: (thing: T) => string): string =>
  atMost(MAX_NAMED, things, text).join("; ");

/** The first ones, and how many more there are. */
export function atMost<T>(count: number, things: readonly T[], text: (thing: T) => string): string[] {
  const shown = things.slice(0, count).map(text);
  return things.length <= count ? shown : [...shown, `and ${things.length - count} more`];
}

function waitVerb({ lock, joins, mode, group }: Wait): string {
  if (group.length > 1) {
    const cases = group
      .slice(0, MAX_NAMED)
      .map((each) => waitVerb({ ...each, group: [] }).replace("waits to ", ""));
    return `waits to ${[...cases, ...(group.length > MAX_NAMED ? ["…"] : [])].join(" or ")}`;
  }
  if (joins !== undefined) return `waits for the end of ${taskText(joins)}`;
  if (lock === undefined) return mode === Mode.sleep ? "sleeps" : "waits for nothing that could happen";
  switch (mode) {
    case Mode.shared:
      return `waits to read ${lockText(lock)}`;
    case Mode.send:
    case Mode.selectSend:
      return `waits to send to ${lockText(lock)}`;
    case Mode.receive:
    case Mode.selectReceive:
      return `waits to receive from ${lockText(lock)}`;
    case Mode.forever:
      return `waits for ${lockText(lock)}, where nothing can ever happen`;
    default:
      return lock.kind === LockKind.cond
        ? `waits for a signal of ${lockText(lock)}`
        : `waits for ${lockText(lock)}${countText(lock)}`;
  }
}

/** What keeps who waits for a counter to be zero. */
const countText = ({ kind, amount }: LockState): string =>
  (kind === LockKind.waitgroup || kind === LockKind.errgroup) && amount !== 0 ? `, still at ${amount}` : "";

/** `40 ms`, `1.2 s`, `3 min` */
export function durationText(ms: number): string {
  if (ms < 1) return "less than 1 ms";
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 120_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`;
}
