import { BEFORE_TRACE, EventKind, NO_LOCK, NO_SITE, Status } from "@lockscope/trace";
import type { SelectWaiter } from "../channel/cases.js";
import type { Channel } from "../channel/channel.js";
import type { Event } from "../runtime/hooks.js";
import type { TaskRecord } from "../runtime/identity.js";
import type { Resource } from "../runtime/resource.js";
import type { JoinWaiter } from "../runtime/task.js";
import type { Waiter } from "../runtime/waiter.js";
import type { SharedResource } from "../shared/resource.js";
import { factsBefore, isHold } from "./before.js";
import type { CallSites } from "./call-sites.js";
import type { Eras } from "./eras.js";
import type { LockNotes, TaskNotes } from "./model.js";
import type { About, Rows } from "./rows.js";
import type { SourceNames } from "./source-name.js";
import { kindOf } from "./vocabulary.js";

/**
 * Under which numbers and names the trace knows the thread's tasks and primitives. Each carries its notes; who is
 * met for the first time is given some, and defined in the trace.
 */
export class Directory {
  readonly #rows: Rows;
  readonly #eras: Eras;
  readonly #sites: CallSites;
  readonly #names: SourceNames;

  constructor(rows: Rows, sites: CallSites, names: SourceNames) {
    this.#rows = rows;
    this.#eras = rows.eras;
    this.#sites = sites;
    this.#names = names;
  }

  /** The notes on a primitive; one that was made before there was a trace is learned now. */
  notesOf(resource: Resource, event?: Event): LockNotes {
    const notes = resource.notes as LockNotes | undefined;
    if (notes !== undefined && notes.era === this.#eras.current) return notes;
    if (notes !== undefined && notes.era.of === this.#eras) return this.#renew(notes, resource);
    this.#rows.open();
    const fresh = this.learn(resource, NO_SITE);
    for (const fact of factsBefore(resource, event)) {
      const task = isHold(fact) ? this.idOf(BEFORE) : this.#rows.main;
      // Nothing follows from two locks in the hands of people of whom one knows nothing.
      if (isHold(fact)) this.#rows.write(EventKind.status, Status.forked, NO_SITE, task, NO_LOCK);
      this.#rows.writeValue(EventKind.status, fact.status, NO_SITE, task, fresh.id, fact.count);
    }
    return fresh;
  }

  learn(resource: Resource, site: number): LockNotes {
    const place = this.#sites.get(site);
    const found = place === undefined ? undefined : this.#names.nameFor(place);
    const name = resource.label ?? found ?? resource.name;
    const own = this.#rows.locks.next();
    const common = isCommon(resource);
    const id = common ? resource.agreeOnId(own) : own;
    const era = this.#eras.forNewLock();
    const notes: LockNotes = {
      era,
      lasting: common || era.number === 0,
      id,
      kind: kindOf(resource.kind),
      type: resource.kind,
      name,
      site,
      common,
      holders: [],
      grips: [],
    };
    resource.notes = notes;
    // Made in another thread: here it was only rebuilt.
    this.#rows.defineLock(notes, id === own ? site : NO_SITE, resource as Resource & About);
    return notes;
  }

  /** Whoever follows the trace may have forgotten it. */
  #renew(notes: LockNotes, resource: Resource): LockNotes {
    if (notes.lasting) {
      notes.era = this.#eras.current;
      return notes;
    }
    notes.era = this.#eras.forOldLock();
    this.#rows.defineLock(notes, notes.site, resource as Resource & About);
    if ((resource as Partial<Channel<unknown>>).closed === true)
      this.#rows.write(EventKind.status, Status.closed, NO_SITE, this.#rows.main, notes.id);
    return notes;
  }

  idOf(task: TaskRecord | null): number {
    if (task === null) return this.#rows.main;
    const notes = task.notes as TaskNotes | undefined;
    return notes !== undefined && notes.by === this
      ? notes.id
      : this.learnTask(task, this.#rows.main, NO_SITE);
  }

  learnTask(task: TaskRecord, parent: number, site: number): number {
    this.#rows.open();
    const notes: TaskNotes = { by: this, id: this.#rows.tasks.next() };
    task.notes = notes;
    this.#rows.defineTask(notes.id, parent, site, task.name);
    return notes.id;
  }

  /** What stands in the `lock` word for what is waited for. */
  subjectOf(waiter: Waiter<never>): number {
    if (waiter.waitFor === "join") return this.idOf((waiter as unknown as JoinWaiter<unknown>).target);
    const resource =
      waiter.waitFor === "select"
        ? (waiter as unknown as SelectWaiter<unknown>).nodes[0]?.of.channel
        : waiter.resource;
    return resource ? this.notesOf(resource).id : NO_LOCK;
  }
}

/** Whoever did what was done before the trace began. */
const BEFORE: TaskRecord = {
  id: 0,
  name: BEFORE_TRACE,
  state: "running",
  waits: 0,
  notes: undefined,
  outer: null,
  get task() {
    return this;
  },
};

/** Whether threads share it. */
export function isCommon(resource: Resource): resource is SharedResource {
  return (resource as Partial<SharedResource>).agreeOnId !== undefined;
}
