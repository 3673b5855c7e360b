/**
 * A live state as batches: definitions, and `status` rows that restate it. A reader that takes them, and then the
 * batches that follow, comes to the same tasks, holders, queues and amounts as one that has read all from the
 * beginning. That is how a ring's dump begins, each of a program's rotated files, and a trace that one joins late.
 * Tasks that have ended, hold nothing and are not waited for are left out; uses, totals and longest times count from here on.
 */
import { encodeBatch } from "./batch.js";
import { inOrder, isHold } from "./checkpoint.js";
import { DefinitionEncoder } from "./definitions.js";
import type { FollowedThread, TraceFollower } from "./follower.js";
import { ROW_WORDS, WIDE_SITE, WIDE_VALUE, writeWideRow } from "./row.js";
import type { RecordedBatch, WideOperand } from "./row-decoder.js";
import { BLOCKS_THREAD, CANCELLABLE, EventKind, MAIN_TASK, Mode, Status } from "./schema.js";
import type { SiteTable, ThreadTable } from "./sites.js";
import type { Hold, TaskState, Wait } from "./state.js";
import { type RowFields, TraceBuilder } from "./trace-builder.js";

/** The thread that restates the state: no program has so many. It ends with the snapshot. */
const SNAPSHOT_THREAD = 0xffff;

/** Definitions are given out in batches of about this many bytes. */
const DEFINITION_BYTES = 1 << 20;

/** A chain of calls longer than this is cut. */
const MAX_CALLS = 64;

/** The state that `follower` has come to, and where its threads stand. O(state). */
export function snapshotBatches(follower: TraceFollower): Uint8Array<ArrayBuffer>[] {
  const waiting = new Map([...follower.merger.waitingFor].map((queue) => [queue.thread, queue]));
  const batches = stateBatches(follower);
  const rows: Uint8Array<ArrayBuffer>[] = [];
  for (const [thread, followed] of follower.threads) {
    const queue = waiting.get(thread);
    const left = queue?.batches.slice(queue.first) ?? [];
    if (followed.ended && left.length === 0) continue;
    const complete = queue?.complete ?? follower.endTime;
    const position = { thread, ...followed, complete, left, firstRow: queue?.row ?? 0 };
    // Each thread is heard of before the rows of any, or they would not wait for it.
    batches.push(...firstBatches(follower.sites, position));
    rows.push(...rowBatches(follower.sites, position));
  }
  return [...batches, ...rows];
}

function stateBatches({ live, sites, endTime, dropped }: TraceFollower): Uint8Array<ArrayBuffer>[] {
  const b = new TraceBuilder({ thread: SNAPSHOT_THREAD });
  const siteIds = new SiteIds(sites, b);
  const joined = new Set(live.tasks.flatMap(({ waits }) => [...waits].map(({ joins }) => joins)));
  const tasks = live.tasks.filter((one) => joined.has(one) || isOfInterest(one));
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
  for (const { id, kind, site, name, capacity } of live.locks) {
    b.definitions.lock(id, kind, siteIds.of(site), name, capacity);
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
  return row(since, status + mode, {
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

interface ThreadPosition extends FollowedThread {
  readonly thread: number;
  /** Nothing of it before this time is missing. */
  readonly complete: number;
  /** Batches whose rows have not been applied, or not all of them. */
  readonly left: readonly RecordedBatch[];
  readonly firstRow: number;
}

/** What the first row to come takes for granted. */
function firstBatches(sites: SiteTable, position: ThreadPosition): Uint8Array<ArrayBuffer>[] {
  const { thread, left, firstRow } = position;
  const first = left[0];
  if (first === undefined) {
    const { table, complete: base, nextSeq: firstSeq, pending } = position;
    return tableBatches(sites, table, { thread, base, firstSeq }, pending);
  }
  const info = { thread, base: first.batch.header.base, firstSeq: first.batch.header.firstSeq + firstRow };
  return tableBatches(sites, first.table, info, firstRow === 0 ? first.pending : undefined);
}

/** The rows that have not been applied. */
function rowBatches(sites: SiteTable, position: ThreadPosition): Uint8Array<ArrayBuffer>[] {
  const { thread, left, firstRow, table, complete, nextSeq, ended } = position;
  const batches: Uint8Array<ArrayBuffer>[] = [];
  let known = left[0]?.table ?? table;
  for (const [index, { batch, table: needed }] of left.entries()) {
    const { base, flags, generation, firstSeq: start } = batch.header;
    const from = index === 0 ? firstRow : 0;
    const firstSeq = (start + from) >>> 0;
    if (needed !== known) batches.push(...tableBatches(sites, needed, { thread, base, firstSeq }, undefined));
    known = needed;
    const rest = batch.rows.subarray(from * ROW_WORDS);
    batches.push(encodeBatch({ thread, generation, base, firstSeq, flags }, NO_DEFINITIONS, rest));
  }
  if (table !== known && !ended) {
    batches.push(...tableBatches(sites, table, { thread, base: complete, firstSeq: nextSeq }, undefined));
  }
  return batches;
}

const NO_DEFINITIONS = new Uint8Array(0);

/** A thread's strings and sites under the ids that it has given them, and what a wide row has left to its next row. */
function tableBatches(
  sites: SiteTable,
  table: ThreadTable,
  { thread, base, firstSeq }: { readonly thread: number; readonly base: number; readonly firstSeq: number },
  operand: WideOperand | undefined,
): Uint8Array<ArrayBuffer>[] {
  const batches: Uint8Array<ArrayBuffer>[] = [];
  const definitions = new DefinitionEncoder();
  const seq = (firstSeq - (operand === undefined ? 0 : 1)) >>> 0;
  const info = { thread, base, firstSeq: seq, generation: table.generation };
  const give = (limit: number) => {
    if (definitions.length < limit) return;
    batches.push(encodeBatch(info, definitions.take(), new Int32Array(0)));
  };
  const stringIds = new Map<string, number>();
  for (const [id, text] of table.strings) {
    stringIds.set(text, id);
    definitions.defineString(id, text);
    give(DEFINITION_BYTES);
  }
  const siteIds = new Map<number, number>();
  for (const [id, number] of table.sites.entries()) {
    const site = sites.get(number);
    if (site === undefined) continue;
    const file = stringIds.get(site.file) ?? 0;
    const func = stringIds.get(site.func) ?? 0;
    const parent = siteIds.get(sites.parentOf(number)) ?? 0;
    siteIds.set(number, id);
    definitions.defineSite(id, file, site.line, site.column, func, parent);
    give(DEFINITION_BYTES);
  }
  give(0);
  if (operand !== undefined) batches.push(encodeBatch(info, NO_DEFINITIONS, wideRow(operand)));
  return batches;
}

function wideRow({ site, value }: WideOperand): Int32Array {
  const words = new Int32Array(ROW_WORDS);
  const has = (site === 0 ? 0 : WIDE_SITE) | (value === undefined ? 0 : WIDE_VALUE);
  writeWideRow(words, 0, 0, has, site, value ?? 0);
  return words;
}
