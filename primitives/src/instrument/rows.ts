import { EventKind, MAIN_TASK, type MarkLevel, NO_LOCK, NO_SITE } from "@lockscope/trace";
import type { Channel } from "../channel/channel.js";
import type { TaskRecord } from "../runtime/identity.js";
import type { Resource } from "../runtime/resource.js";
import type { LockNotes } from "./model.js";
import type { TraceWriter } from "./trace-writer.js";

/** The clock as it was when we were loaded: a program under test may put another in its place. */
const clock = performance.now.bind(performance);

/**
 * The rows of the trace, if there is one and as long as somebody listens. Opened by the program's first
 * event: a program that never uses the library starts no thread and connects to nobody.
 */
export class Rows {
  readonly #openTrace: () => TraceWriter | null;
  readonly #restate: () => void;
  #trace: TraceWriter | null = null;
  #opened = false;
  /** Locks that are yet to be defined: a primitive reports its birth before its constructor has finished. */
  #fresh: { resource: Resource; notes: LockNotes; site: number }[] = [];
  /** When the last event was. What it brought about happened at the same time: one reading for both. */
  time = 0;

  /** @param restate says anew what is so, after rows were lost */
  constructor(openTrace: () => TraceWriter | null, restate: () => void) {
    this.#openTrace = openTrace;
    this.#restate = restate;
  }

  /** Whether anything has happened yet. */
  get opened(): boolean {
    return this.#opened;
  }

  open(): void {
    if (this.#opened) return;
    this.#opened = true;
    this.#trace = this.#openTrace();
    if (this.#trace === null) return;
    this.#trace.definitions.task(MAIN_TASK, MAIN_TASK, 0, NO_SITE, "main");
    this.#trace.onResume = this.#restate;
  }

  /** Reads the clock: the rows from here on are of this moment. */
  now(): number {
    this.time = clock();
    return this.time;
  }

  write(kind: EventKind, arg: number, site: number, task: TaskRecord | null, lock: number): void {
    const trace = this.#trace;
    if (trace === null) return;
    if (this.#fresh.length > 0) this.#defineFresh(trace);
    const id = task === null ? MAIN_TASK : task.id;
    if (!trace.row(this.time, kind, arg, site, id, lock)) this.#lost(trace);
  }

  writeValue(
    kind: EventKind,
    arg: number,
    site: number,
    task: TaskRecord | null,
    lock: number,
    value: number,
  ): void {
    const trace = this.#trace;
    if (trace === null) return;
    if (this.#fresh.length > 0) this.#defineFresh(trace);
    const id = task === null ? MAIN_TASK : task.id;
    if (!trace.rowWithValue(this.time, kind, arg, site, id, lock, value)) this.#lost(trace);
  }

  defineLock(resource: Resource, notes: LockNotes, site: number): void {
    if (this.#trace !== null) this.#fresh.push({ resource, notes, site });
  }

  defineTask(task: TaskRecord, parent: TaskRecord | null, site: number): void {
    this.#trace?.definitions.task(task.id, parent?.id ?? MAIN_TASK, 0, site, task.name);
  }

  /** Something worth showing at this instant. With a lock at level error: `task` was refused it. */
  mark(level: MarkLevel, text: string, task: TaskRecord | null = null, lock = NO_LOCK): void {
    if (this.#trace === null) return;
    this.now();
    const id = this.#trace.definitions.string(text);
    this.writeValue(EventKind.mark, level, NO_SITE, task, lock, id);
  }

  /** The trace's last row. Returns once it has left the process, or nobody wants it. */
  end(reason: number): void {
    if (this.#trace === null) return;
    this.#trace.makeRoom();
    this.now();
    this.write(EventKind.programEnd, reason, NO_SITE, null, NO_LOCK);
    this.#trace?.end();
    this.#trace = null;
  }

  /** A full ring may be one that nobody empties any more. */
  #lost(trace: TraceWriter): void {
    if (trace.deaf) this.#trace = null;
  }

  #defineFresh({ definitions }: TraceWriter): void {
    for (const { resource, notes, site } of this.#fresh) {
      const { capacity } = resource as Partial<Channel<unknown>>;
      definitions.lock(notes.id, notes.kind, site, notes.name, capacity);
    }
    this.#fresh = [];
  }
}
