import type { TraceEvent } from "../row-decoder.js";
import { EventKind, Mode, NO_LOCK } from "../schema.js";

/** What lets others go on. */
const ACTS: ReadonlySet<number> = new Set([
  EventKind.release,
  EventKind.send,
  EventKind.recv,
  EventKind.close,
  EventKind.add,
  EventKind.signal,
  EventKind.broadcast,
]);

/** Finds out who lets whom go on: the task that acted last on the lock that was waited for. Feed it all rows. */
export class Wakers {
  /** Who acted last, by lock. */
  readonly #last = new Map<number, number>();

  /** The task by which the one of this row goes on; undefined if it does not, or by nobody else. */
  of({ kind, arg, task, lock }: TraceEvent): number | undefined {
    if (ACTS.has(kind)) this.#last.set(lock, task);
    if (kind !== EventKind.unblock || lock === NO_LOCK) return undefined;
    const waker = arg === Mode.join ? lock : this.#last.get(lock);
    return waker === task ? undefined : waker;
  }
}
