/** The sentences in which alarms speak of tasks, locks, waits and holds. */
import { LockKind, MAIN_TASK, Mode, nameOf } from "../schema.js";
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

  /** `task "transfer" waits for Mutex "bob" (bank.ts:12, for 1.2 s), held by …` */
  edge({ from, to, wait, hold, behind }: WaitEdge): string {
    const start = `${taskText(from)} ${this.wait(wait)}`;
    if (hold !== undefined) return `${start}, ${this.held(hold)}`;
    return behind === undefined ? start : `${start}, behind ${taskText(to)}, a writer that came first`;
  }

  /** `waits to receive from Channel "jobs" (queue.ts:7, for 3.0 s)` */
  wait(wait: Wait): string {
    const place = this.place(wait.site);
    const since = `for ${durationText(this.#now - wait.since)}`;
    return `${waitVerb(wait)} (${place === undefined ? since : `${place}, ${since}`})`;
  }

  /** `held by task "audit" (taken at bank.ts:10, 2.5 s ago)` */
  held({ task, mode, since, site }: Hold): string {
    const how = mode === Mode.shared ? "read-held" : "held";
    const gone = task.ended === Number.POSITIVE_INFINITY ? "" : "; it has ended";
    const place = this.place(site);
    const where = place === undefined ? "taken" : `taken at ${place},`;
    return `${how} by ${taskText(task)} (${where} ${durationText(this.#now - since)} ago${gone})`;
  }

  /** `bank.ts:10`; undefined where the place is not known. */
  place(site: number): string | undefined {
    const place = this.#sites.get(site);
    return place === undefined ? undefined : this.#place(place);
  }
}

export function taskText({ id, name }: TaskState): string {
  return id === MAIN_TASK ? "the main program" : `task "${printable(name)}"`;
}

/** `RWMutex "rates"` */
export function lockText({ kind, name }: LockState): string {
  return `${lockTypeText(kind)} "${printable(name)}"`;
}

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

/** Cases of a select that are named. */
const MAX_CASES = 4;

function waitVerb({ lock, joins, mode, group }: Wait): string {
  if (group.length > 1) {
    const cases = group
      .slice(0, MAX_CASES)
      .map((each) => waitVerb({ ...each, group: [] }).replace("waits to ", ""));
    return `waits to ${[...cases, ...(group.length > MAX_CASES ? ["…"] : [])].join(" or ")}`;
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
    default:
      return `waits for ${lockText(lock)}`;
  }
}

/** `40 ms`, `1.2 s`, `3 min` */
export function durationText(ms: number): string {
  if (ms < 1) return "less than 1 ms";
  if (ms < 1000) return `${Math.round(ms)} ms`;
  return ms < 120_000 ? `${(ms / 1000).toFixed(1)} s` : `${Math.round(ms / 60_000)} min`;
}
