import type { Batch } from "./batch.js";
import { DT_MS, ROW_WORDS, WIDE_SITE, WIDE_VALUE } from "./row.js";
import { EventKind } from "./schema.js";
import type { ThreadTable } from "./sites.js";

/** One decoded row. The object that iteration hands out is reused: copy what you keep. */
export interface TraceEvent {
  /** Milliseconds since the program's time origin. */
  time: number;
  thread: number;
  kind: number;
  arg: number;
  task: number;
  lock: number;
  /** A store-wide site number. */
  site: number;
  /** The operand of a `wide` row; `undefined` without one. */
  value: number | undefined;
}

/** What a `wide` row says to the row after it. */
export interface WideOperand {
  readonly site: number;
  readonly value: number | undefined;
}

/** A batch without its definitions, which are objects of some size and of no more use once they are applied. */
export type RowBatch = Pick<Batch, "header" | "rows">;

/** The rows of a batch, and what they cannot be understood without. */
export interface RecordedBatch {
  readonly batch: RowBatch;
  readonly table: ThreadTable;
  /** The last row of the thread's batch before was a `wide` one. */
  readonly pending: WideOperand | undefined;
}

/** The operand that a batch leaves to the first row of its thread's next batch. */
export function operandLeft({ rows }: RowBatch): WideOperand | undefined {
  const at = rows.length - ROW_WORDS;
  return at >= 0 && (rows[at + 1]! & 0xff) === EventKind.wide ? operandAt(rows, at) : undefined;
}

/** The time of a row, in milliseconds since the program's time origin. */
export const rowTime = (batch: RowBatch, row: number): number =>
  batch.header.base + (batch.rows[row * ROW_WORDS]! >>> 0) * DT_MS;

export const newEvent = (): TraceEvent => ({
  time: 0,
  thread: 0,
  kind: 0,
  arg: 0,
  task: 0,
  lock: 0,
  site: 0,
  value: undefined,
});

/**
 * Calls `visit` for the rows `from` to `to - 1` of a batch, `wide` rows folded into the row they extend. `from`
 * must not part the two.
 * @param event is filled anew for every call
 */
export function decodeRows(
  recorded: RecordedBatch,
  from: number,
  to: number,
  event: TraceEvent,
  visit: (event: TraceEvent) => void,
): void {
  const { rows, header } = recorded.batch;
  const { sites } = recorded.table;
  const { base } = header;
  event.thread = header.thread;
  let pending = from === 0 ? recorded.pending : undefined;
  const end = to * ROW_WORDS;
  for (let at = from * ROW_WORDS; at < end; at += ROW_WORDS) {
    const word = rows[at + 1]!;
    const kind = word & 0xff;
    if (kind === EventKind.wide) {
      pending = operandAt(rows, at);
      continue;
    }
    let site = word >>> 16;
    event.value = undefined;
    if (pending !== undefined) {
      if (pending.site !== 0) site = pending.site;
      event.value = pending.value;
      pending = undefined;
    }
    event.time = base + (rows[at]! >>> 0) * DT_MS;
    event.kind = kind;
    event.arg = (word >>> 8) & 0xff;
    event.task = rows[at + 2]! >>> 0;
    event.lock = rows[at + 3]! >>> 0;
    event.site = site === 0 ? 0 : sites.get(site);
    visit(event);
  }
}

function operandAt(rows: Int32Array, at: number): WideOperand {
  const has = (rows[at + 1]! >>> 8) & 0xff;
  return {
    site: (has & WIDE_SITE) !== 0 ? rows[at + 2]! >>> 0 : 0,
    value: (has & WIDE_VALUE) !== 0 ? rows[at + 3]! : undefined,
  };
}
