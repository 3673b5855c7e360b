import { BLOCKS_THREAD, CANCELLABLE, EventKind, Mode, NO_LOCK, NO_SITE, Status } from "@lockscope/trace";
import type { SelectWaiter } from "../channel/cases.js";
import type { Channel } from "../channel/channel.js";
import type { Waiter } from "../runtime/waiter.js";
import type { Directory } from "./directory.js";
import type { LockNotes, Parked } from "./model.js";
import type { Rows } from "./rows.js";
import { modeOf } from "./vocabulary.js";

/** The rows about waits: what is waited for, and what a select has got. */
export class WaitRows {
  readonly #rows: Rows;
  readonly #directory: Directory;

  constructor(rows: Rows, directory: Directory) {
    this.#rows = rows;
    this.#directory = directory;
  }

  /** @param told the trace has heard that it waits */
  selected(waiter: SelectWaiter<unknown>, site: number, failed: boolean, told: boolean): void {
    const { fired } = waiter;
    if (fired === null) return;
    const task = this.#directory.idOf(waiter.task);
    const { channel, direction } = fired.of;
    const lock = this.#directory.notesOf(channel).id;
    const mode = direction === "send" ? Mode.selectSend : Mode.selectReceive;
    if (told) this.#rows.write(EventKind.unblock, mode, NO_SITE, task, lock);
    if (failed) return;
    if (direction === "send") this.#rows.write(EventKind.send, 0, site, task, lock);
    else this.#rows.write(EventKind.recv, waiter.ok ? 0 : 1, site, task, lock);
    this.#rows.write(EventKind.selectEnd, fired.index, site, task, lock);
  }

  /** One row for what `waiter` waits for; for a select, one a case. */
  blocked(
    kind: EventKind,
    base: number,
    waiter: Waiter<never>,
    site: number,
    blocks?: "forever" | "limit",
  ): void {
    const { waitFor, resource } = waiter;
    const task = this.#directory.idOf(waiter.task);
    if (waitFor === "yield") return;
    if (waitFor !== "select") {
      const nil = resource !== null && (resource as Partial<Channel<unknown>>).isNil === true;
      const mode = nil ? Mode.forever : modeOf[waitFor];
      const subject = this.#directory.subjectOf(waiter);
      const value = waiter.signal !== null || blocks === "limit" ? CANCELLABLE : blocks && BLOCKS_THREAD;
      if (value === undefined) this.#rows.write(kind, base + mode, site, task, subject);
      else this.#rows.writeValue(kind, base + mode, site, task, subject, value);
      return;
    }
    const { nodes } = waiter as unknown as SelectWaiter<unknown>;
    for (const { of } of nodes) {
      const mode = of.direction === "send" ? Mode.selectSend : Mode.selectReceive;
      this.#rows.write(kind, base + mode, site, task, this.#directory.notesOf(of.channel).id);
    }
    if (nodes.length === 0) this.#rows.write(kind, base + Mode.forever, site, task, NO_LOCK);
  }

  /** Rows were lost: says anew who waits, and who has what is waited for. */
  restate(parked: Iterable<Parked>): void {
    const told = new Set<LockNotes>();
    for (const { waiter, site } of parked) {
      this.blocked(EventKind.status, Status.waits, waiter, site);
      const lock = waiter.resource?.notes as LockNotes | undefined;
      if (lock === undefined || told.has(lock)) continue;
      told.add(lock);
      for (const hold of lock.holders) {
        const status = hold.mode === Mode.shared ? Status.holdsShared : Status.holdsExclusive;
        this.#rows.write(EventKind.status, status, hold.site, this.#directory.idOf(hold.task), lock.id);
      }
    }
  }
}
