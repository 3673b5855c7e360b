import { AsyncLocalStorage } from "node:async_hooks";
import { EventKind, MAIN_TASK, type MarkLevel, Mode, NO_LOCK, NO_SITE, Status } from "@lockscope/trace";
import type { SelectWaiter } from "../channel/cases.js";
import type { Channel } from "../channel/channel.js";
import type { ReceiveWaiter } from "../channel/waiters.js";
import type { Entry, Event, Instrument } from "../runtime/hooks.js";
import { enableIdentity, identify, type TaskRecord } from "../runtime/identity.js";
import type { Resource } from "../runtime/resource.js";
import type { JoinWaiter } from "../runtime/task.js";
import type { Waiter } from "../runtime/waiter.js";
import type { CallSites } from "./call-sites.js";
import type { Stacks } from "./config.js";
import { type LockNotes, Model } from "./model.js";
import type { SourceNames } from "./source-name.js";
import type { TraceWriter } from "./trace-writer.js";
import { kindOf, modeOf } from "./vocabulary.js";

export interface RecorderOptions {
  readonly sites: CallSites;
  readonly names: SourceNames;
  readonly stacks: Stacks;
  /** Somebody waits for one who waits: it may be a cycle that has closed. */
  readonly onSuspicion: () => void;
  /** Called at the first event of the program: programs that never use the library cost nothing. */
  readonly openTrace: () => TraceWriter | null;
}

/**
 * Turns what the library reports into rows, and keeps the model up to date. Who wakes a waiter writes the
 * rows of both: `release` by himself, then `unblock` and `acquire` for the one who goes on.
 */
export class Recorder implements Instrument {
  readonly version = 1;
  readonly model = new Model();
  readonly #options: RecorderOptions;
  readonly #everySite: boolean;
  #trace: TraceWriter | null = null;
  #opened = false;
  /** Learned but not yet defined: a primitive reports its birth before its constructor has finished. */
  #fresh: { resource: Resource; notes: LockNotes; site: number }[] = [];
  /** When the last event was. What it brought about happened at the same time: one reading for both. */
  #time = 0;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#everySite = options.stacks === "all";
  }

  /** Whether anything has happened yet. */
  get used(): boolean {
    return this.#opened;
  }

  created(resource: Resource, entry: Entry): void {
    this.#open();
    this.#learn(resource, this.#options.sites.capture(entry));
  }

  event(event: Event, resource: Resource | null, arg: number, entry: Entry): void {
    const task = identify();
    this.model.acted(task);
    this.#time = performance.now();
    if (resource === null) {
      this.#row(EventKind.selectEnd, arg, this.#site(entry), task, NO_LOCK);
      return;
    }
    const lock = this.#notes(resource);
    switch (event) {
      case "lock":
        return this.#acquire(task, lock, Mode.exclusive, this.#site(entry));
      case "rLock":
        return this.#acquire(task, lock, Mode.shared, this.#site(entry));
      case "unlock":
        return this.#release(task, lock, Mode.exclusive);
      case "rUnlock":
        return this.#release(task, lock, Mode.shared);
      case "lockFailed":
        return this.#row(EventKind.tryFail, Mode.exclusive, this.#site(entry), task, lock.id);
      case "rLockFailed":
        return this.#row(EventKind.tryFail, Mode.shared, this.#site(entry), task, lock.id);
      case "sendFailed":
        return this.#row(EventKind.tryFail, Mode.send, this.#site(entry), task, lock.id);
      case "receiveFailed":
        return this.#row(EventKind.tryFail, Mode.receive, this.#site(entry), task, lock.id);
      case "send":
        return this.#row(EventKind.send, 0, this.#site(entry), task, lock.id);
      case "receive":
        return this.#row(EventKind.recv, 0, this.#site(entry), task, lock.id);
      case "receiveEnd":
        return this.#row(EventKind.recv, 1, this.#site(entry), task, lock.id);
      case "close":
        return this.#row(EventKind.close, 0, this.#site(entry), task, lock.id);
      case "select":
        return this.#row(EventKind.selectEnd, arg, this.#site(entry), task, lock.id);
      case "add":
        return this.#add(task, lock, arg, this.#site(entry));
    }
  }

  parked(waiter: Waiter<never>, entry: Entry): void {
    const { task, waitFor, resource } = waiter;
    if (waitFor === "yield") return;
    if (task !== null && task.waits > 1) this.model.forked.add(task);
    this.#open();
    this.#time = performance.now();
    const site = this.#options.sites.capture(entry);
    this.#blockRows(EventKind.block, 0, waiter, site);
    if (waitFor === "sleep") return;
    const lock = resource === null ? undefined : this.#notes(resource);
    this.model.parked.set(waiter, { waiter, since: this.#time, site, entry });
    const holderWaits =
      waitFor === "join"
        ? (waiter as unknown as JoinWaiter<unknown>).target.waits > 0
        : lock !== undefined && this.model.holderWaits(lock);
    if (holderWaits) this.#options.onSuspicion();
  }

  readied(waiter: Waiter<never>, failed: boolean): void {
    const { task, waitFor, resource } = waiter;
    if (waitFor === "yield") return;
    if (waitFor === "sleep") this.#time = performance.now();
    const site = this.model.parked.get(waiter)?.site ?? NO_SITE;
    this.model.parked.delete(waiter);
    const lock = resource === null ? undefined : this.#notes(resource);
    if (waitFor === "select") {
      this.#selected(waiter as unknown as SelectWaiter<unknown>, site, failed);
      return;
    }
    this.#row(EventKind.unblock, modeOf[waitFor], NO_SITE, task, subjectOf(waiter));
    if (lock === undefined || failed) return;
    if (waitFor === "lock" || waitFor === "rLock") this.#acquire(task, lock, modeOf[waitFor], site);
    else if (waitFor === "send") this.#row(EventKind.send, 0, site, task, lock.id);
    else if (waitFor === "receive") {
      const { ok } = waiter as unknown as ReceiveWaiter<unknown, unknown>;
      this.#row(EventKind.recv, ok ? 0 : 1, site, task, lock.id);
    }
  }

  cancelled(waiter: Waiter<never>): void {
    this.#time = performance.now();
    this.model.parked.delete(waiter);
    const { waitFor, task } = waiter;
    if (waitFor === "yield") return;
    const mode = waitFor === "select" ? Mode.selectReceive : modeOf[waitFor];
    this.#row(EventKind.cancel, mode, NO_SITE, task, subjectOf(waiter));
  }

  spawned(task: TaskRecord, entry: Entry): void {
    // The first task: from now on it matters who runs. Before, there was only the main program.
    enableIdentity(AsyncLocalStorage);
    this.#open();
    const site = this.#options.sites.capture(entry);
    const parent = identify()?.id ?? MAIN_TASK;
    this.#trace?.definitions.task(task.id, parent, 0, site, task.name);
  }

  began(task: TaskRecord): void {
    this.#time = performance.now();
    this.#row(EventKind.taskStart, 0, NO_SITE, task, NO_LOCK);
  }

  ended(task: TaskRecord): void {
    this.#time = performance.now();
    this.#row(EventKind.taskEnd, task.state === "panicked" ? 1 : 0, NO_SITE, task, NO_LOCK);
  }

  /** Something worth showing at this instant. */
  mark(level: MarkLevel, text: string): void {
    if (this.#trace === null) return;
    this.#time = performance.now();
    const id = this.#trace.definitions.string(text);
    this.#rowWithValue(EventKind.mark, level, NO_SITE, null, NO_LOCK, id);
  }

  /** The trace's last row. Returns once it is out of the house. */
  end(reason: number): void {
    if (this.#trace === null) return;
    this.#trace.makeRoom();
    this.#time = performance.now();
    this.#row(EventKind.programEnd, reason, NO_SITE, null, NO_LOCK);
    this.#trace?.end();
    this.#trace = null;
  }

  /** The notes on a primitive; one that was made before this recorder came is learned now. */
  #notes(resource: Resource): LockNotes {
    if (resource.notes !== undefined) return resource.notes as LockNotes;
    this.#open();
    return this.#learn(resource, NO_SITE);
  }

  #learn(resource: Resource, site: number): LockNotes {
    const place = this.#options.sites.get(site);
    const found = place === undefined ? undefined : this.#options.names.nameFor(place);
    const name = resource.label ?? found ?? resource.name;
    const notes: LockNotes = {
      id: resource.id,
      kind: kindOf(resource.kind),
      type: resource.kind,
      name,
      holders: [],
    };
    resource.notes = notes;
    if (this.#trace !== null) this.#fresh.push({ resource, notes, site });
    return notes;
  }

  #acquire(task: TaskRecord | null, lock: LockNotes, mode: Mode, site: number): void {
    lock.holders.push({ task, mode, since: this.#time, site });
    this.#row(EventKind.acquire, mode, site, task, lock.id);
  }

  #release(task: TaskRecord | null, lock: LockNotes, mode: Mode): void {
    this.model.release(lock, task, mode);
    this.#row(EventKind.release, mode, NO_SITE, task, lock.id);
  }

  #add(task: TaskRecord | null, lock: LockNotes, delta: number, site: number): void {
    if (delta >= -128 && delta <= 127) this.#row(EventKind.add, delta, site, task, lock.id);
    else this.#rowWithValue(EventKind.add, 0, site, task, lock.id, delta);
  }

  #selected(waiter: SelectWaiter<unknown>, site: number, failed: boolean): void {
    const { task, fired } = waiter;
    if (fired === null) return;
    const { channel, direction } = fired.of;
    const lock = this.#notes(channel).id;
    const mode = direction === "send" ? Mode.selectSend : Mode.selectReceive;
    this.#row(EventKind.unblock, mode, NO_SITE, task, lock);
    if (failed) return;
    if (direction === "send") this.#row(EventKind.send, 0, site, task, lock);
    else this.#row(EventKind.recv, fired.ok ? 0 : 1, site, task, lock);
    this.#row(EventKind.selectEnd, fired.index, site, task, lock);
  }

  /** One row for what `waiter` waits for; for a select, one a case. */
  #blockRows(kind: EventKind, base: number, waiter: Waiter<never>, site: number): void {
    const { task, waitFor, resource } = waiter;
    if (waitFor === "yield") return;
    if (waitFor !== "select") {
      const nil = resource !== null && (resource as Partial<Channel<unknown>>).isNil === true;
      const mode = nil ? Mode.forever : modeOf[waitFor];
      this.#row(kind, base + mode, site, task, subjectOf(waiter));
      return;
    }
    const { nodes } = waiter as unknown as SelectWaiter<unknown>;
    for (const { of } of nodes) {
      const mode = of.direction === "send" ? Mode.selectSend : Mode.selectReceive;
      this.#row(kind, base + mode, site, task, this.#notes(of.channel).id);
    }
    if (nodes.length === 0) this.#row(kind, base + Mode.forever, site, task, NO_LOCK);
  }

  #site(entry: Entry): number {
    return this.#everySite ? this.#options.sites.capture(entry) : NO_SITE;
  }

  #row(kind: EventKind, arg: number, site: number, task: TaskRecord | null, lock: number): void {
    const trace = this.#trace;
    if (trace === null) return;
    if (this.#fresh.length > 0) this.#defineFresh(trace);
    const id = task === null ? MAIN_TASK : task.id;
    if (!trace.row(this.#time, kind, arg, site, id, lock)) this.#lost(trace);
  }

  #rowWithValue(
    kind: EventKind,
    arg: number,
    site: number,
    task: TaskRecord | null,
    lock: number,
    value: number,
  ) {
    const trace = this.#trace;
    if (trace === null) return;
    if (this.#fresh.length > 0) this.#defineFresh(trace);
    const id = task === null ? MAIN_TASK : task.id;
    if (!trace.rowWithValue(this.#time, kind, arg, site, id, lock, value)) this.#lost(trace);
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

  #open(): void {
    if (this.#opened) return;
    this.#opened = true;
    this.#trace = this.#options.openTrace();
    if (this.#trace === null) return;
    this.#trace.definitions.task(MAIN_TASK, MAIN_TASK, 0, NO_SITE, "main");
    this.#trace.onResume = () => this.#restate();
  }

  /** Rows were lost: says anew who waits, and who has what is waited for. */
  #restate(): void {
    const told = new Set<LockNotes>();
    for (const { waiter, site } of this.model.parked.values()) {
      this.#blockRows(EventKind.status, Status.waits, waiter, site);
      const lock = waiter.resource?.notes as LockNotes | undefined;
      if (lock === undefined || told.has(lock)) continue;
      told.add(lock);
      for (const hold of lock.holders) {
        const status = hold.mode === Mode.shared ? Status.holdsShared : Status.holdsExclusive;
        this.#row(EventKind.status, status, hold.site, hold.task, lock.id);
      }
    }
  }
}

/** What stands in the `lock` word for what is waited for. */
function subjectOf(waiter: Waiter<never>): number {
  if (waiter.waitFor === "join") return (waiter as unknown as JoinWaiter<unknown>).target.id;
  if (waiter.waitFor !== "select") return waiter.resource?.id ?? NO_LOCK;
  return (waiter as unknown as SelectWaiter<unknown>).nodes[0]?.of.channel.id ?? NO_LOCK;
}
