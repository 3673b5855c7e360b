import { SyncError } from "../sync-error.js";
import { granted } from "./granted.js";
import { carried, identify, type Storage, type TaskRecord } from "./identity.js";
import type { Resource } from "./resource.js";
import type { Waiter } from "./waiter.js";

/** A lock that code of a task has taken, or waits for; carried on to all that this code calls and awaits. */
class Hold {
  held = false;
  /** It got the lock in the synchronous stretch that still runs: whoever locks now has not awaited that. */
  fresh = false;
  over = false;

  constructor(
    readonly resource: Resource,
    readonly task: TaskRecord,
    readonly shared: boolean,
    /** What the same code took before. */
    readonly outer: Hold | null,
  ) {}
}

/** Semaphores, which tasks wait for in other ways, have no holder: permits are anybody's. */
const isLock = ({ waitFor }: Waiter<never>) => waitFor === "lock" || waitFor === "rLock";

/** The innermost hold that is not over, from `hold` on. */
function standing(hold: Hold | null | undefined): Hold | null {
  let found = hold ?? null;
  while (found?.over === true) found = found.outer;
  return found;
}

/**
 * Finds the task that locks again what it holds, before it waits for itself. An instrument tells it of
 * every lock taken, waited for and given back, and asks it before a wait; it knows nothing while identity
 * is off.
 *
 * That the task is the same does not say enough: it may have called two functions side by side
 * (`Promise.all`), of which one holds the lock and the other waits its turn. So each hold travels with the
 * code that took it, across its awaits and into what it calls, as tasks do. What remains looks like the
 * holder and is not: a call that he makes and does not await, and one that is made beside him, in the
 * synchronous stretch in which he locked and after that. Both should be tasks (`go`).
 */
export class Relocks {
  #flow: Storage<Hold> | null = null;
  readonly #holds = new WeakMap<Resource, Hold[]>();
  readonly #waiting = new WeakMap<Waiter<never>, Hold>();

  /** The running code got `resource` at once. */
  took(resource: Resource, shared: boolean): void {
    const hold = this.#enter(resource, identify(), shared);
    if (hold !== null) this.#stand(hold);
  }

  /** The running code stops for a lock. */
  parked(waiter: Waiter<never>): void {
    if (!isLock(waiter) || waiter.resource === null) return;
    const hold = this.#enter(waiter.resource, waiter.task, waiter.waitFor === "rLock");
    if (hold !== null) this.#waiting.set(waiter, hold);
  }

  /** Its wait is over: it has the lock, or has given up. */
  ended(waiter: Waiter<never>, got: boolean): void {
    const hold = this.#waiting.get(waiter);
    if (hold === undefined) return;
    if (got) this.#stand(hold);
    else hold.over = true;
  }

  /** The running code gave `resource` back: the hold of its own task if there is one, else the oldest. */
  released(resource: Resource, shared: boolean): void {
    const holds = this.#holds.get(resource);
    if (holds === undefined) return;
    const task = identify();
    const own = holds.findIndex((hold) => hold.task === task && hold.shared === shared);
    const [hold] = holds.splice(Math.max(0, own), 1);
    if (hold !== undefined) hold.over = true;
  }

  /** The error for a task that is about to wait for itself; null where it is not. */
  judge(waiter: Waiter<never>): SyncError | null {
    const { resource, task, waitFor } = waiter;
    if (resource === null || task === null || !isLock(waiter)) return null;
    for (let hold = standing(this.#flow?.getStore()); hold !== null; hold = standing(hold.outer)) {
      if (!hold.held || hold.fresh || hold.resource !== resource || hold.task !== task) continue;
      const code = waitFor === "rLock" && hold.shared ? "recursive-read-lock" : "reentrant-lock";
      return new SyncError(`sync: deadlock: a task locks again the ${resource.kind} that it holds`, code, {
        primitive: resource.name,
        task: task.name,
      });
    }
    return null;
  }

  #enter(resource: Resource, task: TaskRecord | null, shared: boolean): Hold | null {
    if (task === null) return null;
    this.#flow ??= carried();
    if (this.#flow === null) return null;
    // Only what still stands is linked to: a loop of sections leaves no chain behind.
    const hold = new Hold(resource, task, shared, standing(this.#flow.getStore()));
    this.#flow.enterWith(hold);
    return hold;
  }

  #stand(hold: Hold): void {
    hold.held = true;
    hold.fresh = true;
    granted.then(() => {
      hold.fresh = false;
    });
    const holds = this.#holds.get(hold.resource);
    if (holds === undefined) this.#holds.set(hold.resource, [hold]);
    else holds.push(hold);
  }
}
