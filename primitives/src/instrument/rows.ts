import { EventKind, type MarkLevel, NO_LOCK, NO_SITE } from "@lockscope/trace";
import { millisecondsSince } from "./clock.js";
import { Eras } from "./eras.js";
import type { Home } from "./home.js";
import { Ids } from "./ids.js";
import type { LockNotes } from "./model.js";
import type { TraceWriter } from "./trace-writer.js";
import { ownName } from "./vocabulary.js";

/**
 * The rows of one thread, as long as somebody listens. Opened by its first event: a program that never uses
 * the library starts no thread and connects to nobody.
 */
export class Rows {
  readonly #home: Home;
  readonly #restate: () => void;
  readonly #origin: number;
  /** What is yet to be known of locks: a primitive reports its birth before its constructor has finished. */
  #fresh: { readonly notes: LockNotes; readonly site: number; readonly about: About }[] = [];
  #trace: TraceWriter | null = null;
  #opened = false;
  /** The numbers of tasks and of locks. */
  readonly tasks: Ids;
  readonly locks: Ids;
  readonly eras = new Eras(() => this.locks.next());
  /** The number of what this thread does outside of every task. */
  readonly main: number;
  /** When the last event was. What it brought about happened at the same time: one reading for both. */
  time = 0;

  /** @param restate says anew what is so, after rows were lost */
  constructor(home: Home, restate: () => void) {
    const { commons } = home;
    const block = commons.nextBlock();
    this.#home = home;
    this.#restate = restate;
    this.#origin = commons.origin;
    this.main = new Ids(commons, block, 0).next();
    this.tasks = new Ids(commons, block, 1);
    this.locks = new Ids(commons, block, 1);
  }

  /** Whether anything has happened yet. */
  get opened(): boolean {
    return this.#opened;
  }

  open(): void {
    if (this.#opened) return;
    this.#opened = true;
    this.#trace = this.#home.open();
    if (this.#trace === null) return;
    this.#trace.definitions.task(this.main, 0, this.#home.thread, NO_SITE, this.#home.name);
    this.#trace.onResume = this.#restate;
  }

  /** Reads the clock: the rows from here on are of this moment. */
  now(): number {
    this.time = millisecondsSince(this.#origin);
    return this.time;
  }

  write(kind: EventKind, arg: number, site: number, task: number, lock: number): void {
    const trace = this.#trace;
    if (trace === null) return;
    if (this.#fresh.length > 0) this.#defineFresh(trace);
    if (!trace.row(this.time, kind, arg, site, task, lock)) this.#lost(trace);
  }

  writeValue(kind: EventKind, arg: number, site: number, task: number, lock: number, value: number): void {
    const trace = this.#trace;
    if (trace === null) return;
    if (this.#fresh.length > 0) this.#defineFresh(trace);
    if (!trace.rowWithValue(this.time, kind, arg, site, task, lock, value)) this.#lost(trace);
  }

  /** @param about what its constructor has yet to set */
  defineLock(notes: LockNotes, site: number, about: About): void {
    if (this.#trace !== null) this.#fresh.push({ notes, site, about });
  }

  defineTask(id: number, parent: number, site: number, name: string): void {
    this.#trace?.definitions.task(id, parent, this.#home.thread, site, name);
  }

  /** Something worth showing at this instant. With a lock at level error: `task` was refused it. */
  mark(level: MarkLevel, text: string, task = this.main, lock = NO_LOCK): void {
    this.#note(EventKind.mark, level, text, task, lock);
  }

  /** A lock breakpoint is about to stop the program; `text` says why. */
  stop(text: string, task: number, lock: number): void {
    this.#note(EventKind.stop, 0, text, task, lock);
  }

  /** The last rows of this thread, written by `last`. Returns once they have left it, or nobody wants them. */
  end(last: () => void): void {
    if (this.#trace !== null) {
      this.#home.makeRoom(this.#trace);
      this.now();
      last();
      this.#trace = null;
    }
    this.#home.end();
  }

  #note(kind: EventKind, arg: number, text: string, task: number, lock: number): void {
    if (this.#trace === null) return;
    this.now();
    const id = this.#trace.definitions.string(text);
    this.writeValue(kind, arg, NO_SITE, task, lock, id);
  }

  /** A full ring may be one that nobody empties any more. */
  #lost(trace: TraceWriter): void {
    if (trace.deaf) this.#trace = null;
  }

  #defineFresh(trace: TraceWriter): void {
    const { definitions } = trace;
    for (const { notes, site, about } of this.#fresh) {
      // Another thread that has a place for it says more than we could.
      if (about.tellOnce?.() === true && site === NO_SITE) continue;
      definitions.lock(
        notes.id,
        notes.kind,
        site,
        notes.name,
        about.capacity,
        notes.lasting ? 0 : notes.era.number,
        ownName(notes.type, notes.kind),
      );
    }
    this.#fresh = [];
    this.eras.tellEnds((era) =>
      trace.rowWithValue(this.time, EventKind.forget, 0, NO_SITE, this.main, NO_LOCK, era),
    );
  }
}

/** What there is to know of a primitive besides its notes. */
export interface About {
  readonly capacity?: number;
  /** Of one that threads share: whether another thread has told already what it is. */
  tellOnce?(): boolean;
}
