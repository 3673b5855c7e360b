import type { Batch } from "./batch.js";
import type { Definition } from "./definitions.js";
import { LiveState } from "./live-state.js";
import { RowDecoder, type TraceEvent } from "./row-decoder.js";
import { CANCELLABLE, EventKind, type LockKind, MarkLevel, Mode, NO_LOCK, Status } from "./schema.js";
import { SiteTable, type ThreadTable } from "./sites.js";
import type { LockState, Mark, ProgramEnd, TaskState } from "./state.js";

/** More marks than this are counted, not kept: each is an object, and nobody reads ten thousand. */
const MAX_MARKS = 10_000;

/**
 * Everything a trace has said so far, and what follows from it: who holds and who waits right now, and the
 * lanes of the timeline. Append-only; one row costs O(1) amortised.
 */
export class TraceStore {
  readonly live = new LiveState();
  readonly sites = new SiteTable();
  readonly marks: Mark[] = [];
  /** Rows received, `wide` ones not counted. */
  eventCount = 0;
  /** Rows that the program dropped, or that never arrived. */
  dropped = 0;
  /** Time of the earliest and of the latest row, in milliseconds since the program's time origin. */
  startTime = 0;
  endTime = 0;
  /** Set by the program's last row. */
  end: ProgramEnd | undefined;

  readonly #decoder = new RowDecoder();
  readonly #recorded: { readonly batch: Batch; readonly table: ThreadTable }[] = [];
  readonly #nextSeq = new Map<number, number>();
  #strings: ReadonlyMap<number, string> = new Map();

  append(batch: Batch): void {
    const { header } = batch;
    const table = this.sites.thread(header.thread, header.generation);
    for (const definition of batch.definitions) this.#define(table, definition, header.base);
    this.#countLost(batch);
    this.#recorded.push({ batch, table });
    this.#strings = table.strings;
    this.#decoder.decode(batch, table, this.#apply);
  }

  /** Goes through all rows again, in the order of their arrival. The event object is reused. */
  forEachEvent(visit: (event: TraceEvent) => void): void {
    const decoder = new RowDecoder();
    for (const { batch, table } of this.#recorded) decoder.decode(batch, table, visit);
  }

  #define(table: ThreadTable, definition: Definition, time: number): void {
    if (definition.tag === "task") {
      const task = this.live.task(definition.id, time);
      task.parent = definition.parent;
      task.thread = definition.thread;
      task.site = table.sites.get(definition.site) ?? 0;
      if (definition.name !== "") task.name = definition.name;
    } else if (definition.tag === "lock") {
      const lock = this.live.lock(definition.id);
      lock.kind = definition.kind as LockKind;
      lock.site = table.sites.get(definition.site) ?? 0;
      lock.capacity = definition.capacity;
      if (definition.name !== "") lock.name = definition.name;
    } else {
      this.sites.define(table, definition);
    }
  }

  #countLost({ header }: Batch): void {
    const expected = this.#nextSeq.get(header.thread) ?? header.firstSeq;
    const missing = (header.firstSeq - expected) >>> 0;
    // A step back (more than half the range) is a restarted thread number, not four billion lost rows.
    this.dropped += header.dropped + (missing < 0x8000_0000 ? missing : 0);
    if (this.dropped > 0) this.live.lossy = true;
    this.#nextSeq.set(header.thread, (header.firstSeq + header.rowCount) >>> 0);
  }

  readonly #apply = (event: TraceEvent): void => {
    if (this.eventCount === 0 || event.time < this.startTime) this.startTime = event.time;
    if (event.time > this.endTime) this.endTime = event.time;
    this.eventCount++;
    const { live } = this;
    const { time, site, value } = event;
    const task = live.task(event.task, time);
    const mode = event.arg as Mode;
    switch (event.kind) {
      case EventKind.taskStart:
        live.startTask(time, task);
        break;
      case EventKind.taskEnd:
        live.endTask(time, task, event.arg === 1);
        break;
      case EventKind.acquire:
        live.acquire(time, task, live.lock(event.lock), mode, site, value ?? 1);
        break;
      case EventKind.release:
        live.progress(time, task, undefined);
        live.release(time, task, live.lock(event.lock), mode, value ?? 1);
        break;
      case EventKind.block:
        live.block(
          time,
          task,
          this.#lockOf(event, mode),
          this.#joinOf(event, mode),
          mode,
          site,
          value === CANCELLABLE,
        );
        break;
      case EventKind.unblock:
      case EventKind.cancel:
      case EventKind.timeout:
        live.unblock(time, task, this.#joinOf(event, mode) ?? this.#lockOf(event, mode));
        break;
      case EventKind.send:
      case EventKind.recv:
        this.#transfer(event, task);
        break;
      case EventKind.close:
        live.lock(event.lock).closed = true;
        break;
      case EventKind.add:
        this.#add(event);
        break;
      case EventKind.mark:
        this.#mark(event, task);
        break;
      case EventKind.status:
        this.#status(event, task);
        break;
      case EventKind.programEnd:
        this.end = { time, reason: event.arg };
        break;
    }
  };

  #lockOf(event: TraceEvent, mode: Mode): LockState | undefined {
    return mode === Mode.join || event.lock === NO_LOCK ? undefined : this.live.lock(event.lock);
  }

  #joinOf(event: TraceEvent, mode: Mode): TaskState | undefined {
    return mode === Mode.join ? this.live.task(event.lock, event.time) : undefined;
  }

  #transfer(event: TraceEvent, task: TaskState): void {
    const lock = this.live.lock(event.lock);
    this.live.progress(event.time, task, lock);
    if (event.kind === EventKind.send) {
      lock.uses++;
      this.live.setAmount(event.time, lock, lock.amount + 1);
    } else if (event.arg === 0) {
      this.live.setAmount(event.time, lock, lock.amount - 1);
    }
  }

  #add(event: TraceEvent): void {
    const lock = this.live.lock(event.lock);
    lock.uses++;
    this.live.setAmount(event.time, lock, lock.amount + (event.value ?? signedByte(event.arg)));
  }

  #status(event: TraceEvent, task: TaskState): void {
    const { live } = this;
    const { time, site, value, arg } = event;
    if (arg >= Status.waits) {
      const mode = (arg - Status.waits) as Mode;
      const lock = this.#lockOf(event, mode);
      const joins = this.#joinOf(event, mode);
      if (task.waits.find(lock ?? joins) !== undefined) return;
      live.block(time, task, lock, joins, mode, site, value === CANCELLABLE);
    } else if (arg === Status.holdsExclusive || arg === Status.holdsShared) {
      const lock = live.lock(event.lock);
      if (task.holds.find(lock) !== undefined) return;
      live.acquire(time, task, lock, arg as Mode, site, value ?? 1);
      lock.uses--;
    } else if (arg === Status.running) {
      live.endWaits(time, task);
    } else if (arg === Status.count) {
      live.setAmount(time, live.lock(event.lock), value ?? 0);
    } else if (arg === Status.closed) {
      live.lock(event.lock).closed = true;
    }
  }

  #mark(event: TraceEvent, task: TaskState): void {
    if (this.marks.length >= MAX_MARKS) return;
    this.marks.push({
      time: event.time,
      level: Math.min(event.arg, MarkLevel.error),
      task,
      lock: event.lock === NO_LOCK ? undefined : this.live.lock(event.lock),
      site: event.site,
      text: this.#strings.get(event.value ?? 0) ?? "",
    });
  }
}

const signedByte = (byte: number): number => (byte << 24) >> 24;
