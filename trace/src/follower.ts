import { applyDefinition, applyEvent } from "./apply-event.js";
import { type Batch, BatchFlag } from "./batch.js";
import { LiveState } from "./live-state.js";
import { Merger } from "./merger.js";
import {
  decodeRows,
  newEvent,
  operandLeft,
  type RecordedBatch,
  type TraceEvent,
  type WideOperand,
} from "./row-decoder.js";
import { EventKind, MarkLevel, NO_LOCK } from "./schema.js";
import { SiteTable, type ThreadTable } from "./sites.js";
import type { Mark, ProgramEnd } from "./state.js";

/** More marks than this are counted, not kept: each is an object, and nobody reads ten thousand. */
const MAX_MARKS = 10_000;

/** Where a thread's latest batch has left it. */
export interface FollowedThread {
  readonly table: ThreadTable;
  /** The number of its next row. */
  readonly nextSeq: number;
  /** What its last row says of the next one. */
  readonly pending: WideOperand | undefined;
  readonly ended: boolean;
}

/**
 * Follows a trace without keeping it: who holds and who waits right now. Takes the batches of any number of
 * threads as they come, applies their rows in one order, by time; one row costs O(1) amortised.
 */
export class TraceFollower {
  readonly live: LiveState;
  readonly sites = new SiteTable();
  readonly marks: Mark[] = [];
  /** Rows applied, `wide` ones not counted. */
  eventCount = 0;
  /** Rows that the program dropped, or that never arrived. */
  dropped = 0;
  /** Time of the earliest and of the latest row, in milliseconds since the program's time origin. */
  startTime = 0;
  endTime = 0;
  /** The last time that a lock breakpoint stopped the program. It is kept however many marks there are. */
  lastStop: Mark | undefined;
  /** Set by the program's last row. */
  end: ProgramEnd | undefined;

  /** By thread number. */
  readonly threads: ReadonlyMap<number, FollowedThread>;
  /** Holds the rows that wait for those of other threads. */
  readonly merger = new Merger((recorded, from, to) => this.applyRows(recorded, from, to));
  /** The earliest row, of those that were applied together, that came after a later one; Infinity: none did. */
  protected late = Number.POSITIVE_INFINITY;
  readonly #threads = new Map<number, FollowedThread>();
  readonly #event = newEvent();
  #began = false;
  #strings: ReadonlyMap<number, string> = new Map();

  constructor(live = new LiveState({ history: false })) {
    this.live = live;
    this.threads = this.#threads;
  }

  /** Rows that have to wait for other threads are applied later; see {@link finish}. */
  append(batch: Batch): void {
    const { header, rows } = batch;
    const table = this.sites.thread(header.thread, header.generation);
    for (const definition of batch.definitions) {
      this.sites.define(table, definition);
      applyDefinition(this.live, table, definition, header.base);
    }
    this.merger.add({ batch: { header, rows }, table, pending: this.#follow(batch, table) });
  }

  /**
   * Nothing that happened by then is missing, as far as the program has said so: who still has a lock or waits has done
   * so until then. A program that is quiet says it now and then. In milliseconds since its time origin.
   */
  get completeTime(): number {
    return Math.max(this.endTime, this.merger.completeTime ?? this.endTime);
  }

  /** To be called when no more batches will come: applies the rows that still wait for those of other threads. */
  finish(): void {
    this.merger.finish();
  }

  protected applyRows(recorded: RecordedBatch, from: number, to: number): void {
    this.#strings = recorded.table.strings;
    decodeRows(recorded, from, to, this.#event, this.#apply);
  }

  readonly #apply = (event: TraceEvent): void => {
    const { time, kind } = event;
    if (time >= this.endTime) this.endTime = time;
    else if (time < this.late) this.late = time;
    if (!this.#began || time < this.startTime) this.#begin(event);
    this.eventCount++;
    if (kind === EventKind.mark || kind === EventKind.stop) this.#mark(event);
    else if (kind === EventKind.programEnd) this.end = { time, reason: event.arg, signal: event.value };
    applyEvent(this.live, event);
  };

  /** What is restated may have begun long before the rows that the trace has. */
  #begin({ time, kind }: TraceEvent): void {
    const restated = kind === EventKind.status;
    if (!this.#began || !restated) this.startTime = time;
    if (!restated) this.#began = true;
  }

  /** Counts what is missing since the thread's batch before; returns what that one left to this one. */
  #follow(batch: Batch, table: ThreadTable): WideOperand | undefined {
    const { thread, firstSeq, rowCount, dropped, flags } = batch.header;
    const before = this.#threads.get(thread);
    const missing = before === undefined ? 0 : (firstSeq - before.nextSeq) >>> 0;
    // A step back (more than half the range) is a restarted thread number, not four billion lost rows.
    const lost = dropped + (missing < 0x8000_0000 ? missing : 0);
    this.dropped += lost;
    if (lost > 0) this.live.lossy = true;
    const nextSeq = (firstSeq + rowCount) >>> 0;
    // What a wide row says is for the next row, which may be batches away.
    const pending = rowCount === 0 ? before?.pending : operandLeft(batch);
    const ended = (flags & BatchFlag.last) !== 0;
    this.#threads.set(thread, { table, nextSeq, pending, ended });
    return missing === 0 ? before?.pending : undefined;
  }

  #mark({ time, kind, arg, task, lock, site, value }: TraceEvent): void {
    const stop = kind === EventKind.stop;
    if (!stop && this.marks.length >= MAX_MARKS) return;
    const mark: Mark = {
      time,
      level: stop ? MarkLevel.warning : (Math.min(arg, MarkLevel.error) as MarkLevel),
      stop,
      task: this.live.task(task, time),
      lock: lock === NO_LOCK ? undefined : this.live.lock(lock, time),
      site,
      text: this.#strings.get(value ?? 0) ?? "",
    };
    if (stop) this.lastStop = mark;
    if (this.marks.length < MAX_MARKS) this.marks.push(mark);
  }
}
