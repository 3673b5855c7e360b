import { AsyncLocalStorage, executionAsyncId } from "node:async_hooks";
import { EndReason, EventKind, MarkLevel, Mode, NO_LOCK, NO_SITE, TRIED } from "@lockscope/trace";
import type { SelectWaiter } from "../channel/cases.js";
import type { ChannelWaiter } from "../channel/waiters.js";
import { permitsOf } from "../group/semaphore.js";
import type { Entry, Event, Instrument, WaitFor } from "../runtime/hooks.js";
import { enableIdentity, identify, running, type TaskRecord } from "../runtime/identity.js";
import { Relocks } from "../runtime/relock.js";
import type { Resource } from "../runtime/resource.js";
import type { Waiter } from "../runtime/waiter.js";
import { Breaks, type Stop, stopInDebugger } from "./breaks.js";
import type { CallSites } from "./call-sites.js";
import { checkBreaks } from "./config.js";
import { Directory, isCommon } from "./directory.js";
import type { Home } from "./home.js";
import { type Hold, type LockNotes, Model } from "./model.js";
import { siteText } from "./report.js";
import { Rows } from "./rows.js";
import type { SourceNames } from "./source-name.js";
import { modeOf } from "./vocabulary.js";
import { WaitRows } from "./wait-rows.js";

/**
 * The number of the synchronous stretch that runs now. Since Node 24 carries storage across awaits by itself
 * (AsyncContextFrame), promises have no numbers there, and stretches are counted.
 */
const stretchNow = Number.parseInt(process.versions.node, 10) < 24 ? executionAsyncId : undefined;

export interface RecorderOptions {
  readonly sites: CallSites;
  readonly names: SourceNames;
  /** The trace is to end, and the program goes on. */
  readonly onDetach: () => void;
}

/**
 * Turns what the library reports into rows, and keeps the model up to date. Who wakes a waiter writes the
 * rows of both: `release` by himself, then `unblock` and `acquire` for the one who goes on.
 */
export class Recorder implements Instrument {
  readonly version = 1;
  readonly home: Home;
  readonly model = new Model();
  readonly rows: Rows;
  readonly #directory: Directory;
  readonly #waits: WaitRows;
  readonly #options: RecorderOptions;
  readonly #everySite: boolean;
  /** null: a task that locks again what it holds waits for itself. */
  readonly #relocks: Relocks | null;
  #breaks: Breaks | null = null;
  /** The function that was called last, and how it takes what it gets. */
  #entry: Entry | null = null;
  #entryHow = 0;

  constructor(home: Home, options: RecorderOptions) {
    this.home = home;
    this.rows = new Rows(home, () => this.#waits.restate(this.model.parked));
    this.#directory = new Directory(this.rows, options.sites, options.names);
    this.#waits = new WaitRows(this.rows, this.#directory);
    this.#options = options;
    this.#everySite = home.config.stacks === "all";
    this.#relocks = home.config.relock === "throw" ? new Relocks(stretchNow) : null;
    this.setBreaks(home.config.breaks);
  }

  /**
   * Replaces the breakpoints on locks, see {@link Break}; those hold for this thread. Called by a debugger.
   * @throws {ConfigError}
   */
  setBreaks(list: unknown): void {
    const breaks = checkBreaks(list);
    const stop: Stop = (task, lock, why) => {
      this.rows.stop(`${lock.type} "${lock.name}" ${why}`, this.#directory.idOf(task), lock.id);
      // Whoever stops here wants to see what has led here.
      this.dump();
      stopInDebugger();
    };
    this.#breaks = breaks.length === 0 ? null : new Breaks(breaks, this.#options.sites, stop);
  }

  /** Has the trace written that is kept in memory, see `LOCKSCOPE_RING`. Soon, by another thread. */
  dump(): void {
    this.home.commons.requestDump();
  }

  /** Ends the trace. Called by a debugger. */
  detach(): void {
    this.#options.onDetach();
  }

  currentTaskId(): number {
    return this.#directory.idOf(identify());
  }

  created(resource: Resource, entry: Entry): void {
    this.rows.open();
    this.#directory.learn(resource, this.#options.sites.capture(entry));
  }

  event(event: Event, resource: Resource | null, arg: number, entry: Entry): void {
    const within = running();
    const record = within === null ? null : within.task;
    if (record !== null) this.model.acted(record);
    const task = record === null ? this.rows.main : this.#directory.idOf(record);
    this.rows.now();
    if (resource === null) {
      this.rows.write(EventKind.selectEnd, arg, this.#site(entry, null), task, NO_LOCK);
      return;
    }
    const lock = this.#directory.notesOf(resource, event);
    switch (event) {
      case "lock":
        if (lock.common) this.#takenOver(lock);
        if (record !== null) this.#relocks?.took(lock.grips, resource, false, within);
        return this.#acquire(
          record,
          task,
          lock,
          Mode.exclusive,
          this.#site(entry, resource),
          1,
          this.#how(entry),
        );
      case "rLock":
        if (record !== null) this.#relocks?.took(lock.grips, resource, true, within);
        return this.#acquire(
          record,
          task,
          lock,
          Mode.shared,
          this.#site(entry, resource),
          1,
          this.#how(entry),
        );
      case "unlock":
        if (lock.grips.length > 0) this.#relocks?.released(lock.grips, false);
        return this.#release(record, task, lock, Mode.exclusive, 1);
      case "rUnlock":
        if (lock.grips.length > 0) this.#relocks?.released(lock.grips, true);
        return this.#release(record, task, lock, Mode.shared, 1);
      case "acquire":
        return this.#acquire(record, task, lock, Mode.exclusive, this.#site(entry, resource), arg);
      case "release":
        return this.#release(record, task, lock, Mode.exclusive, arg);
      case "recovered":
        return this.#recover(task, lock, Mode.exclusive, arg);
      case "rRecovered":
        return this.#recover(task, lock, Mode.shared, arg);
      case "acquireFailed":
      case "lockFailed":
        return this.rows.write(EventKind.tryFail, Mode.exclusive, this.#site(entry, resource), task, lock.id);
      case "rLockFailed":
        return this.rows.write(EventKind.tryFail, Mode.shared, this.#site(entry, resource), task, lock.id);
      case "sendFailed":
        return this.rows.write(EventKind.tryFail, Mode.send, this.#site(entry, resource), task, lock.id);
      case "receiveFailed":
        return this.rows.write(EventKind.tryFail, Mode.receive, this.#site(entry, resource), task, lock.id);
      case "send":
        return this.rows.write(EventKind.send, 0, this.#site(entry, resource), task, lock.id);
      case "receive":
        return this.rows.write(EventKind.recv, 0, this.#site(entry, resource), task, lock.id);
      case "receiveEnd":
        return this.rows.write(EventKind.recv, 1, this.#site(entry, resource), task, lock.id);
      case "close":
        return this.rows.write(EventKind.close, 0, this.#site(entry, resource), task, lock.id);
      case "select":
        return this.rows.write(EventKind.selectEnd, arg, this.#site(entry, resource), task, lock.id);
      case "signal":
        return this.rows.write(EventKind.signal, 0, this.#site(entry, resource), task, lock.id);
      case "broadcast":
        return this.rows.write(EventKind.broadcast, 0, this.#site(entry, resource), task, lock.id);
      case "add":
        return this.#add(task, lock, arg, this.#site(entry, resource));
    }
  }

  /** A task that would wait for itself: it gets an error instead, and the trace a mark. */
  refuse(waiter: Waiter<never>): Error | null {
    const error = this.#relocks?.judge(waiter) ?? null;
    if (error === null || waiter.resource === null) return null;
    const { id, name, holders } = this.#directory.notesOf(waiter.resource);
    const text = `task "${error.task}": ${error.message}: "${name}"`;
    this.rows.mark(MarkLevel.error, text, this.#directory.idOf(waiter.task), id);
    const lockedAt = this.#placeOf(holders.find(({ task }) => task === waiter.task));
    return Object.assign(error, { primitive: name }, lockedAt !== undefined && { lockedAt });
  }

  /** Where the oldest of those who hold `resource` took it. */
  heldAt(resource: Resource): string | undefined {
    return this.#placeOf((resource.notes as LockNotes | undefined)?.holders[0]);
  }

  parked(waiter: Waiter<never>, entry: Entry, blocks?: "forever" | "limit"): void {
    const { task, waitFor, resource } = waiter;
    if (waitFor === "yield") return;
    if (task !== null && task.waits > 1) this.model.forked.add(task);
    this.rows.open();
    this.rows.now();
    const site = this.#options.sites.captureWay(entry, resource);
    this.#waits.blocked(EventKind.block, 0, waiter, site, blocks);
    if (endsByItself(waitFor)) return this.model.setApart(waiter);
    this.model.park(waiter, this.rows.time, site, entry, this.#relocks?.parked(waiter) ?? null);
    if (this.#breaks === null || resource === null || blocks !== undefined) return;
    this.#breaks.waits(waiter, this.#directory.notesOf(resource), () => this.model.isParked(waiter));
  }

  readied(waiter: Waiter<never>, failed: boolean): void {
    const { task, waitFor, resource } = waiter;
    if (waitFor === "yield") return;
    // Who lets others go on has looked at the clock for it; these end by themselves, or by another thread.
    if (endsByItself(waitFor) || (resource !== null && isCommon(resource))) this.rows.now();
    const told = this.model.knows(waiter);
    const parked = this.model.unpark(waiter);
    const site = parked?.site ?? NO_SITE;
    const lock = resource === null ? undefined : this.#directory.notesOf(resource);
    if (parked?.grip) {
      if (failed || lock === undefined) this.#relocks?.lost(parked.grip);
      else {
        if (lock.common && waitFor === "lock") this.#takenOver(lock);
        this.#relocks?.got(lock.grips, parked.grip);
      }
    }
    if (waitFor === "select") {
      this.#waits.selected(waiter as unknown as SelectWaiter<unknown>, site, failed, told);
      return;
    }
    const id = this.#directory.idOf(task);
    // Of a wait from before the trace nobody has heard: its end would be taken for that of another one.
    if (told) {
      this.rows.write(EventKind.unblock, modeOf[waitFor], NO_SITE, id, this.#directory.subjectOf(waiter));
    }
    if (lock === undefined || failed) return;
    if (parked && lock.common) this.#breaks?.waited(task, lock, this.rows.time - parked.since);
    if (waitFor === "lock" || waitFor === "rLock") this.#acquire(task, id, lock, modeOf[waitFor], site, 1);
    else if (waitFor === "acquire") {
      this.#acquire(task, id, lock, Mode.exclusive, site, permitsOf(waiter));
    } else if (waitFor === "send") this.rows.write(EventKind.send, 0, site, id, lock.id);
    else if (waitFor === "receive") {
      const { ok } = waiter as unknown as ChannelWaiter<unknown, unknown>;
      this.rows.write(EventKind.recv, ok ? 0 : 1, site, id, lock.id);
    }
  }

  cancelled(waiter: Waiter<never>, late = false): void {
    if (!this.model.knows(waiter)) return;
    this.rows.now();
    const grip = this.model.unpark(waiter)?.grip;
    if (grip) this.#relocks?.lost(grip);
    const { waitFor, task } = waiter;
    if (waitFor === "yield") return;
    const mode = waitFor === "select" ? Mode.selectReceive : modeOf[waitFor];
    const kind = late ? EventKind.timeout : EventKind.cancel;
    this.rows.write(kind, mode, NO_SITE, this.#directory.idOf(task), this.#directory.subjectOf(waiter));
  }

  spawned(task: TaskRecord, entry: Entry): void {
    // The first task: from now on it matters who runs. Before, there was only the main program.
    enableIdentity(AsyncLocalStorage);
    this.rows.open();
    const site = this.#options.sites.capture(entry);
    this.#directory.learnTask(task, this.#directory.idOf(identify()), site);
  }

  began(task: TaskRecord): void {
    this.rows.now();
    this.rows.write(EventKind.taskStart, 0, NO_SITE, this.#directory.idOf(task), NO_LOCK);
  }

  ended(task: TaskRecord): void {
    this.rows.now();
    this.rows.write(
      EventKind.taskEnd,
      task.state === "panicked" ? 1 : 0,
      NO_SITE,
      this.#directory.idOf(task),
      NO_LOCK,
    );
  }

  /** The thread's last rows. Returns once they have left it, or nobody wants them. */
  end(reason: EndReason): void {
    const { rows, home } = this;
    rows.end(() => {
      const threw = reason === EndReason.uncaught ? 1 : 0;
      if (home.worker) rows.write(EventKind.taskEnd, threw, NO_SITE, rows.main, NO_LOCK);
      else rows.write(EventKind.programEnd, reason, NO_SITE, rows.main, NO_LOCK);
    });
  }

  /** Whoever of this thread had it before has lost it to another thread, which may unlock what it did not lock. */
  #takenOver(lock: LockNotes): void {
    for (const grip of lock.grips) this.#relocks?.lost(grip);
    lock.grips.length = 0;
  }

  #acquire(
    record: TaskRecord | null,
    task: number,
    lock: LockNotes,
    mode: Mode,
    site: number,
    permits: number,
    how = 0,
  ): void {
    if (permits === 0) return;
    if (!lock.common) this.model.acquire(lock, record, mode, this.rows.time, site, permits);
    this.#writePermits(EventKind.acquire, mode | how, site, task, lock, permits);
    if (this.#breaks !== null) this.#breaks.taken(record, lock);
  }

  /** What a function that is called try… takes, it would not have waited for. Most calls are of the function before. */
  #how(entry: Entry): number {
    if (entry !== this.#entry) {
      this.#entry = entry;
      this.#entryHow = entry.name.startsWith("try") ? TRIED : 0;
    }
    return this.#entryHow;
  }

  #release(record: TaskRecord | null, task: number, lock: LockNotes, mode: Mode, permits: number): void {
    if (this.#breaks !== null) this.#breaks.given(record, lock);
    if (!lock.common) this.model.release(lock, record, mode, permits);
    this.#writePermits(EventKind.release, mode, NO_SITE, task, lock, permits);
  }

  /** A thread has ended that held it, and `task` gives it back in its place. */
  #recover(task: number, lock: LockNotes, mode: Mode, permits: number): void {
    this.#writePermits(EventKind.release, mode, NO_SITE, task, lock, permits);
    this.rows.mark(
      MarkLevel.warning,
      `the thread that held ${lock.type} "${lock.name}" has ended`,
      task,
      lock.id,
    );
  }

  #writePermits(
    kind: EventKind,
    arg: number,
    site: number,
    task: number,
    lock: LockNotes,
    permits: number,
  ): void {
    if (permits === 1) this.rows.write(kind, arg, site, task, lock.id);
    else this.rows.writeValue(kind, arg, site, task, lock.id, permits);
  }

  #add(task: number, lock: LockNotes, delta: number, site: number): void {
    if (delta >= -128 && delta <= 127) this.rows.write(EventKind.add, delta, site, task, lock.id);
    else this.rows.writeValue(EventKind.add, 0, site, task, lock.id, delta);
  }

  #placeOf(hold: Hold | undefined): string | undefined {
    const site = hold && this.#options.sites.get(hold.site);
    return site && siteText(site);
  }

  #site(entry: Entry, resource: Resource | null): number {
    const { sites } = this.#options;
    return this.#everySite ? sites.capture(entry, resource) : sites.glance(entry, resource);
  }
}

/** Waits that need nobody else to end. */
function endsByItself(waitFor: WaitFor): boolean {
  return waitFor === "sleep" || waitFor === "external";
}
