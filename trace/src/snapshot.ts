/**
 * A live state as batches: definitions, and `status` rows that restate it. A reader that takes them, and then the
 * batches that follow, comes to the same tasks, holders, queues and amounts as one that has read all from the
 * beginning. That is how a ring's dump begins, each of a program's rotated files, and a trace that one joins late.
 * Tasks that have ended, hold nothing and are not waited for are left out; uses, totals and longest times count from here on.
 */
import { inOrder, isHold } from "./checkpoint.js";
import { DEFINITION_BYTES } from "./definitions.js";
import type { TraceFollower } from "./follower.js";
import { BLOCKS_THREAD, CANCELLABLE, EventKind, MAIN_TASK, Mode, restatedMode, Status } from "./schema.js";
import type { SiteTable } from "./sites.js";
import { firstBatches, mentioned, rowBatches, threadPositions } from "./snapshot-threads.js";
import type { Hold, TaskState, Wait } from "./state.js";
import { type RowFields, TraceBuilder } from "./trace-builder.js";

/** Numbers of threads go up to here. */
const MAX_THREAD = 0xffff;

/** A chain of calls longer than this is cut. */
const MAX_CALLS = 64;

/** The state that `follower` has come to, and where its threads stand. O(state). */
export function snapshotBatches(follower: TraceFollower): Uint8Array<ArrayBuffer>[] {
  const positions = threadPositions(follower);
  return [
    ...stateBatches(follower, mentioned(positions)),
    // Each thread is heard of before the rows of any, or they would not wait for it.
    ...positions.flatMap((position) => firstBatches(follower.sites, position)),
    ...positions.flatMap((position) => rowBatches(follower.sites, position)),
  ];
}

function stateBatches(
  { live, sites, threads, endTime, dropped }: TraceFollower,
  coming: ReadonlySet<number>,
): Uint8Array<ArrayBuffer>[] {
  const b = new TraceBuilder({ thread: freeThread(threads) });
  const siteIds = new SiteIds(sites, b);
  const joined = new Set(live.tasks.flatMap(({ waits }) => [...waits].map(({ joins }) => joins)));
  const tasks = live.tasks.filter((one) => isOfInterest(one) || joined.has(one) || coming.has(one.id));
  // Every row names a task: those that are of a lock alone name one that there is.
  const task = tasks[0]?.id ?? MAIN_TASK;
  // First the rows that say when each was met, then the names.
  const met: TimedRow[] = [
    ...tasks.map(({ id, started }) => row(started, Status.running, { task: id })),
    ...live.locks.map(({ id, met }) => row(met, Status.count, { task, lock: id, value: 0 })),
  ];
  write(b, met);
  b.time = endTime;
  b.flush();
  for (const { id, parent, thread, site, name } of tasks) {
    b.definitions.task(id, parent, thread, siteIds.of(site), name);
    if (b.definitions.length > DEFINITION_BYTES) b.flush();
  }
  for (const { id, kind, site, name, capacity, era, type } of live.locks) {
    b.definitions.lock(id, kind, siteIds.of(site), name, capacity, era, type);
    if (b.definitions.length > DEFINITION_BYTES) b.flush();
  }
  write(b, stateRows(tasks, siteIds));
  b.time = endTime;
  for (const { id, amount, closed } of live.locks) {
    if (amount !== 0) b.row({ kind: EventKind.status, arg: Status.count, task, lock: id, value: amount });
    if (closed) b.row({ kind: EventKind.status, arg: Status.closed, task, lock: id });
  }
  for (const { id, forked } of tasks)
    if (forked) b.row({ kind: EventKind.status, arg: Status.forked, task: id });
  b.flush();
  b.flush({ dropped: Math.min(dropped, 0xffff_ffff), last: true });
  return b.batches;
}

/** The thread that restates the state, and ends with the snapshot, must be nobody else. */
function freeThread(threads: ReadonlyMap<number, unknown>): number {
  let thread = MAX_THREAD;
  while (thread > 0 && threads.has(thread)) thread--;
  return thread;
}

const isOfInterest = ({ ended, holds, waits }: TaskState) =>
  ended === Number.POSITIVE_INFINITY || holds.size > 0 || waits.size > 0;

/** Who holds, who waits, who has ended all the same. */
function stateRows(tasks: readonly TaskState[], siteIds: SiteIds): TimedRow[] {
  const again = new Map<TaskState, Set<unknown>>();
  const rows = inOrder(tasks).map((one) =>
    isHold(one) ? holdRow(one, siteIds) : waitRow(one, siteIds, again),
  );
  for (const { id, ended, phase } of tasks) {
    if (ended === Number.POSITIVE_INFINITY) continue;
    const arg = phase === "panicked" ? 1 : 0;
    rows.push({ time: ended, fields: { kind: EventKind.taskEnd, task: id, arg } });
  }
  return rows;
}

function holdRow({ task, lock, mode, since, site, count }: Hold, siteIds: SiteIds): TimedRow {
  const status = mode === Mode.shared ? Status.holdsShared : Status.holdsExclusive;
  return row(since, status, { task: task.id, lock: lock.id, site: siteIds.of(site), value: count });
}

function waitRow(wait: Wait, siteIds: SiteIds, seen: Map<TaskState, Set<unknown>>): TimedRow {
  const { task, lock, joins, mode, since, site, cancellable, blocksThread } = wait;
  const target = lock ?? joins;
  const known = seen.get(task);
  const status = known?.has(target) ? Status.waitsAgain : Status.waits;
  if (known === undefined) seen.set(task, new Set([target]));
  else known.add(target);
  // A wait of a kind that a later version knows is for something, whatever that is.
  return row(since, status + (mode === restatedMode(mode) ? mode : Mode.external), {
    task: task.id,
    lock: target?.id ?? 0,
    site: siteIds.of(site),
    ...(cancellable ? { value: CANCELLABLE } : blocksThread ? { value: BLOCKS_THREAD } : {}),
  });
}

interface TimedRow {
  readonly time: number;
  readonly fields: RowFields;
}

const row = (time: number, arg: number, fields: Omit<RowFields, "kind" | "arg">): TimedRow => ({
  time,
  fields: { kind: EventKind.status, arg, ...fields },
});

function write(b: TraceBuilder, rows: TimedRow[]): void {
  for (const { time, fields } of rows.sort((one, other) => one.time - other.time)) {
    b.time = time;
    b.row(fields);
  }
}

/** The ids that the snapshot's thread gives to the store's sites. */
class SiteIds {
  readonly #sites: SiteTable;
  readonly #builder: TraceBuilder;
  readonly #ids = new Map<number, number>();

  constructor(sites: SiteTable, builder: TraceBuilder) {
    this.#sites = sites;
    this.#builder = builder;
  }

  of(number: number): number {
    const known = this.#ids.get(number);
    if (known !== undefined || number === 0) return known ?? 0;
    const calls: number[] = [];
    for (let at = number; at !== 0 && calls.length < MAX_CALLS; at = this.#sites.parentOf(at)) calls.push(at);
    let id = 0;
    for (const call of calls.reverse()) {
      const site = this.#sites.get(call);
      if (site === undefined) continue;
      id = this.#builder.site(site.file, site.line, site.column, site.func, id);
    }
    this.#ids.set(number, id);
    return id;
  }
}
