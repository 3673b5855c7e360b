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

/** What a `wide` row said to the row after it, which may come in the next batch of the thread. */
interface Pending {
  site: number;
  value: number | undefined;
}

/** Calls `visit` for every event of a batch, `wide` rows folded into the row they extend. */
export class RowDecoder {
  readonly #pending = new Map<number, Pending>();
  readonly #event: TraceEvent = {
    time: 0,
    thread: 0,
    kind: 0,
    arg: 0,
    task: 0,
    lock: 0,
    site: 0,
    value: undefined,
  };

  decode(batch: Batch, table: ThreadTable, visit: (event: TraceEvent) => void): void {
    const { rows, header } = batch;
    const { sites } = table;
    const event = this.#event;
    event.thread = header.thread;
    let pending = this.#pending.get(header.thread);
    this.#pending.delete(header.thread);
    for (let at = 0; at < rows.length; at += ROW_WORDS) {
      const word = rows[at + 1]!;
      const kind = word & 0xff;
      const arg = (word >>> 8) & 0xff;
      if (kind === EventKind.wide) {
        pending = {
          site: (arg & WIDE_SITE) !== 0 ? rows[at + 2]! >>> 0 : 0,
          value: (arg & WIDE_VALUE) !== 0 ? rows[at + 3]! : undefined,
        };
        continue;
      }
      let site = word >>> 16;
      event.value = undefined;
      if (pending !== undefined) {
        if (pending.site !== 0) site = pending.site;
        event.value = pending.value;
        pending = undefined;
      }
      event.time = header.base + (rows[at]! >>> 0) * DT_MS;
      event.kind = kind;
      event.arg = arg;
      event.task = rows[at + 2]! >>> 0;
      event.lock = rows[at + 3]! >>> 0;
      event.site = site === 0 ? 0 : (sites.get(site) ?? 0);
      visit(event);
    }
    if (pending !== undefined) this.#pending.set(header.thread, pending);
  }
}
