/** Where the threads of a trace stand, as batches: the second half of a snapshot. */
import { encodeBatch } from "./batch.js";
import { DEFINITION_BYTES, DefinitionEncoder } from "./definitions.js";
import type { FollowedThread, TraceFollower } from "./follower.js";
import { ROW_WORDS, WIDE_SITE, WIDE_VALUE, writeWideRow } from "./row.js";
import type { RecordedBatch, WideOperand } from "./row-decoder.js";
import type { SiteTable, ThreadTable } from "./sites.js";

export interface ThreadPosition extends FollowedThread {
  readonly thread: number;
  /** Nothing of it before this time is missing. */
  readonly complete: number;
  /** Batches whose rows have not been applied, or not all of them. */
  readonly left: readonly RecordedBatch[];
  readonly firstRow: number;
}

/** Of the threads that have not ended, or whose rows have not all been applied. */
export function threadPositions(follower: TraceFollower): ThreadPosition[] {
  const waiting = new Map([...follower.merger.waitingFor].map((queue) => [queue.thread, queue]));
  const positions: ThreadPosition[] = [];
  for (const [thread, followed] of follower.threads) {
    const queue = waiting.get(thread);
    const left = queue?.batches.slice(queue.first) ?? [];
    if (followed.ended && left.length === 0) continue;
    const complete = queue?.complete ?? follower.endTime;
    positions.push({ thread, ...followed, complete, left, firstRow: queue?.row ?? 0 });
  }
  return positions;
}

/** Ids of the tasks, among others, that rows not yet applied are about. */
export function mentioned(positions: readonly ThreadPosition[]): Set<number> {
  const ids = new Set<number>();
  for (const { left, firstRow } of positions) {
    for (const [index, { batch }] of left.entries()) {
      for (let at = index === 0 ? firstRow * ROW_WORDS : 0; at < batch.rows.length; at += ROW_WORDS) {
        ids.add(batch.rows[at + 2]! >>> 0).add(batch.rows[at + 3]! >>> 0);
      }
    }
  }
  return ids;
}

/** What the first row to come takes for granted. */
export function firstBatches(sites: SiteTable, position: ThreadPosition): Uint8Array<ArrayBuffer>[] {
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
export function rowBatches(sites: SiteTable, position: ThreadPosition): Uint8Array<ArrayBuffer>[] {
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
