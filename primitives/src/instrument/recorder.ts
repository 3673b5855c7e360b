import { AsyncLocalStorage } from "node:async_hooks";
import { CANCELLABLE, EventKind, MarkLevel, Mode, NO_LOCK, NO_SITE, Status } from "@lockscope/trace";
import type { SelectWaiter } from "../channel/cases.js";
import type { Channel } from "../channel/channel.js";
import type { ChannelWaiter } from "../channel/waiters.js";
import { permitsOf } from "../group/semaphore.js";
import type { Entry, Event, Instrument, WaitFor } from "../runtime/hooks.js";
import { enableIdentity, identify, type TaskRecord } from "../runtime/identity.js";
import { Relocks } from "../runtime/relock.js";
import type { Resource } from "../runtime/resource.js";
import type { JoinWaiter } from "../runtime/task.js";
import type { Waiter } from "../runtime/waiter.js";
import type { CallSites } from "./call-sites.js";
import type { Relock, Stacks } from "./config.js";
import { type Hold, type LockNotes, Model } from "./model.js";
import { siteText } from "./report.js";
import { Rows } from "./rows.js";
import type { SourceNames } from "./source-name.js";
import type { TraceWriter } from "./trace-writer.js";
import { kindOf, modeOf } from "./vocabulary.js";

export interface RecorderOptions {
  readonly sites: CallSites;
  readonly names: SourceNames;
  readonly stacks: Stacks;
  readonly relock: Relock;
  /** Somebody waits for one who waits: it may be a cycle that has closed. */
  readonly onSuspicion: () => void;
  readonly openTrace: () => TraceWriter | null;
}

/**
 * Turns what the library reports into rows, and keeps the model up to date. Who wakes a waiter writes the
 * rows of both: `release` by himself, then `unblock` and `acquire` for the one who goes on.
 */
export class Recorder implements Instrument {
  readonly version = 1;
  readonly model = new Model();
  readonly rows: Rows;
  readonly #options: RecorderOptions;
  readonly #everySite: boolean;
  /** null: a task that locks again what it holds waits for itself. */
  readonly #relocks: Relocks | null;

  constructor(options: RecorderOptions) {
    this.#options = options;
    this.#everySite = options.stacks === "all";
    this.#relocks = options.relock === "throw" ? new Relocks() : null;
    this.rows = new Rows(options.openTrace, () => this.#restate());
  }

  created(resource: Resource, entry: Entry): void {
    this.rows.open();
    this.#learn(resource, this.#options.sites.capture(entry));
  }

  event(event: Event, resource: Resource | null, arg: number, entry: Entry): void {
    const task = identify();
    this.model.acted(task);
    this.rows.now();
    if (resource === null) {
      this.rows.write(EventKind.selectEnd, arg, this.#site(entry), task, NO_LOCK);
      return;
    }
    const lock = this.#notes(resource);
    switch (event) {
      case "lock":
        this.#relocks?.took(lock.grips, resource, false);
        return this.#acquire(task, lock, Mode.exclusive, this.#site(entry));
      case "rLock":
        this.#relocks?.took(lock.grips, resource, true);
        return this.#acquire(task, lock, Mode.shared, this.#site(entry));
      case "unlock":
        this.#relocks?.released(lock.grips, false);
        return this.#release(task, lock, Mode.exclusive);
      case "rUnlock":
        this.#relocks?.released(lock.grips, true);
        return this.#release(task, lock, Mode.shared);
      case "acquire":
        return this.#acquire(task, lock, Mode.exclusive, this.#site(entry), arg);
      case "release":
        return this.#release(task, lock, Mode.exclusive, arg);
      case "acquireFailed":
      case "lockFailed":
        return this.rows.write(EventKind.tryFail, Mode.exclusive, this.#site(entry), task, lock.id);
      case "rLockFailed":
        return this.rows.write(EventKind.tryFail, Mode.shared, this.#site(entry), task, lock.id);
      case "sendFailed":
        return this.rows.write(EventKind.tryFail, Mode.send, this.#site(entry), task, lock.id);
      case "receiveFailed":
        return this.rows.write(EventKind.tryFail, Mode.receive, this.#site(entry), task, lock.id);
      case "send":
        return this.rows.write(EventKind.send, 0, this.#site(entry), task, lock.id);
      case "receive":
        return this.rows.write(EventKind.recv, 0, this.#site(entry), task, lock.id);
      case "receiveEnd":
        return this.rows.write(EventKind.recv, 1, this.#site(entry), task, lock.id);
      case "close":
        return this.rows.write(EventKind.close, 0, this.#site(entry), task, lock.id);
      case "select":
        return this.rows.write(EventKind.selectEnd, arg, this.#site(entry), task, lock.id);
      case "signal":
        return this.rows.write(EventKind.signal, 0, this.#site(entry), task, lock.id);
      case "broadcast":
        return this.rows.write(EventKind.broadcast, 0, this.#site(entry), task, lock.id);
      case "add":
        return this.#add(task, lock, arg, this.#site(entry));
    }
  }

  /** A task that would wait for itself: it gets an error instead, and the trace a mark. */
  refuse(waiter: Waiter<never>): Error | null {
    const error = this.#relocks?.judge(waiter) ?? null;
    if (error === null || waiter.resource === null) return null;
    const { id, name, holders } = this.#notes(waiter.resource);
    const text = `task "${error.task}": ${error.message}: "${name}"`;
    this.rows.mark(MarkLevel.error, text, waiter.task, id);
    const lockedAt = this.#placeOf(holders.find(({ task }) => task === waiter.task));
    return Object.assign(error, { primitive: name }, lockedAt !== undefined && { lockedAt });
  }

  /** Where the oldest of those who hold `resource` took it. */
  heldAt(resource: Resource): string | undefined {
    return this.#placeOf((resource.notes as LockNotes | undefined)?.holders[0]);
  }

  parked(waiter: Waiter<never>, entry: Entry): void {
    const { task, waitFor, resource } = waiter;
    if (waitFor === "yield") return;
    if (task !== null && task.waits > 1) this.model.forked.add(task);
    this.rows.open();
    this.rows.now();
    const site = this.#options.sites.capture(entry);
    this.#blockRows(EventKind.block, 0, waiter, site);
    if (endsByItself(waitFor)) return;
    const lock = resource === null ? undefined : this.#notes(resource);
    this.model.park(waiter, this.rows.time, site, entry, this.#relocks?.parked(waiter) ?? null);
    const holderWaits =
      waitFor === "join"
        ? (waiter as unknown as JoinWaiter<unknown>).target.waits > 0
        : lock !== undefined && this.model.holderWaits(lock);
    if (holderWaits) this.#options.onSuspicion();
  }

  readied(waiter: Waiter<never>, failed: boolean): void {
    const { task, waitFor, resource } = waiter;
    if (waitFor === "yield") return;
    if (endsByItself(waitFor)) this.rows.now();
    const parked = this.model.unpark(waiter);
    const site = parked?.site ?? NO_SITE;
    const lock = resource === null ? undefined : this.#notes(resource);
    if (parked?.grip) {
      if (failed || lock === undefined) this.#relocks?.lost(parked.grip);
      else this.#relocks?.got(lock.grips, parked.grip);
    }
    if (waitFor === "select") {
      this.#selected(waiter as unknown as SelectWaiter<unknown>, site, failed);
      return;
    }
    this.rows.write(EventKind.unblock, modeOf[waitFor], NO_SITE, task, subjectOf(waiter));
    if (lock === undefined || failed) return;
    if (waitFor === "lock" || waitFor === "rLock") this.#acquire(task, lock, modeOf[waitFor], site);
    else if (waitFor === "acquire") {
      this.#acquire(task, lock, Mode.exclusive, site, permitsOf(waiter));
    } else if (waitFor === "send") this.rows.write(EventKind.send, 0, site, task, lock.id);
    else if (waitFor === "receive") {
      const { ok } = waiter as unknown as ChannelWaiter<unknown, unknown>;
      this.rows.write(EventKind.recv, ok ? 0 : 1, site, task, lock.id);
    }
  }

  cancelled(waiter: Waiter<never>): void {
    this.rows.now();
    const grip = this.model.unpark(waiter)?.grip;
    if (grip) this.#relocks?.lost(grip);
    const { waitFor, task } = waiter;
    if (waitFor === "yield") return;
    const mode = waitFor === "select" ? Mode.selectReceive : modeOf[waitFor];
    this.rows.write(EventKind.cancel, mode, NO_SITE, task, subjectOf(waiter));
  }

  spawned(task: TaskRecord, entry: Entry): void {
    // The first task: from now on it matters who runs. Before, there was only the main program.
    enableIdentity(AsyncLocalStorage);
    this.rows.open();
    const site = this.#options.sites.capture(entry);
    this.rows.defineTask(task, identify(), site);
  }

  began(task: TaskRecord): void {
    this.rows.now();
    this.rows.write(EventKind.taskStart, 0, NO_SITE, task, NO_LOCK);
  }

  ended(task: TaskRecord): void {
    this.rows.now();
    this.rows.write(EventKind.taskEnd, task.state === "panicked" ? 1 : 0, NO_SITE, task, NO_LOCK);
  }

  /** The notes on a primitive; one that was made before this recorder came is learned now. */
  #notes(resource: Resource): LockNotes {
    if (resource.notes !== undefined) return resource.notes as LockNotes;
    this.rows.open();
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
      grips: [],
    };
    resource.notes = notes;
    this.rows.defineLock(resource, notes, site);
    return notes;
  }

  #acquire(task: TaskRecord | null, lock: LockNotes, mode: Mode, site: number, permits = 1): void {
    if (permits === 0) return;
    lock.holders.push({ task, mode, since: this.rows.time, site, permits });
    this.#writePermits(EventKind.acquire, mode, site, task, lock, permits);
  }

  #release(task: TaskRecord | null, lock: LockNotes, mode: Mode, permits = 1): void {
    this.model.release(lock, task, mode, permits);
    this.#writePermits(EventKind.release, mode, NO_SITE, task, lock, permits);
  }

  #writePermits(
    kind: EventKind,
    mode: Mode,
    site: number,
    task: TaskRecord | null,
    lock: LockNotes,
    permits: number,
  ): void {
    if (permits === 1) this.rows.write(kind, mode, site, task, lock.id);
    else this.rows.writeValue(kind, mode, site, task, lock.id, permits);
  }

  #add(task: TaskRecord | null, lock: LockNotes, delta: number, site: number): void {
    if (delta >= -128 && delta <= 127) this.rows.write(EventKind.add, delta, site, task, lock.id);
    else this.rows.writeValue(EventKind.add, 0, site, task, lock.id, delta);
  }

  #selected(waiter: SelectWaiter<unknown>, site: number, failed: boolean): void {
    const { task, fired } = waiter;
    if (fired === null) return;
    const { channel, direction } = fired.of;
    const lock = this.#notes(channel).id;
    const mode = direction === "send" ? Mode.selectSend : Mode.selectReceive;
    this.rows.write(EventKind.unblock, mode, NO_SITE, task, lock);
    if (failed) return;
    if (direction === "send") this.rows.write(EventKind.send, 0, site, task, lock);
    else this.rows.write(EventKind.recv, waiter.ok ? 0 : 1, site, task, lock);
    this.rows.write(EventKind.selectEnd, fired.index, site, task, lock);
  }

  /** One row for what `waiter` waits for; for a select, one a case. */
  #blockRows(kind: EventKind, base: number, waiter: Waiter<never>, site: number): void {
    const { task, waitFor, resource } = waiter;
    if (waitFor === "yield") return;
    if (waitFor !== "select") {
      const nil = resource !== null && (resource as Partial<Channel<unknown>>).isNil === true;
      const mode = nil ? Mode.forever : modeOf[waitFor];
      if (waiter.signal === null) this.rows.write(kind, base + mode, site, task, subjectOf(waiter));
      else this.rows.writeValue(kind, base + mode, site, task, subjectOf(waiter), CANCELLABLE);
      return;
    }
    const { nodes } = waiter as unknown as SelectWaiter<unknown>;
    for (const { of } of nodes) {
      const mode = of.direction === "send" ? Mode.selectSend : Mode.selectReceive;
      this.rows.write(kind, base + mode, site, task, this.#notes(of.channel).id);
    }
    if (nodes.length === 0) this.rows.write(kind, base + Mode.forever, site, task, NO_LOCK);
  }

  #placeOf(hold: Hold | undefined): string | undefined {
    const site = hold && this.#options.sites.get(hold.site);
    return site && siteText(site);
  }

  #site(entry: Entry): number {
    return this.#everySite ? this.#options.sites.capture(entry) : NO_SITE;
  }

  /** Rows were lost: says anew who waits, and who has what is waited for. */
  #restate(): void {
    const told = new Set<LockNotes>();
    for (const { waiter, site } of this.model.parked) {
      this.#blockRows(EventKind.status, Status.waits, waiter, site);
      const lock = waiter.resource?.notes as LockNotes | undefined;
      if (lock === undefined || told.has(lock)) continue;
      told.add(lock);
      for (const hold of lock.holders) {
        const status = hold.mode === Mode.shared ? Status.holdsShared : Status.holdsExclusive;
        this.rows.write(EventKind.status, status, hold.site, hold.task, lock.id);
      }
    }
  }
}

/** Waits that need nobody else to end. */
function endsByItself(waitFor: WaitFor): boolean {
  return waitFor === "sleep" || waitFor === "external";
}

/** What stands in the `lock` word for what is waited for. */
function subjectOf(waiter: Waiter<never>): number {
  if (waiter.waitFor === "join") return (waiter as unknown as JoinWaiter<unknown>).target.id;
  if (waiter.waitFor !== "select") return waiter.resource?.id ?? NO_LOCK;
  return (waiter as unknown as SelectWaiter<unknown>).nodes[0]?.of.channel.id ?? NO_LOCK;
}
