import { SyncError } from "../sync-error.js";
import { granted } from "./granted.js";
import { type Carried, carried, identifyForGood, type TaskRecord } from "./identity.js";
import { registry } from "./registry.js";
import type { Resource } from "./resource.js";
import type { Waiter } from "./waiter.js";

/** A lock that code of a task has taken, or waits for. */
export class Grip implements Carried {
  held = false;
  over = false;
  /** The number of the synchronous stretch in which it was got at once. */
  stretch = 0;

  constructor(
    readonly resource: Resource,
    readonly task: TaskRecord,
    readonly shared: boolean,
    public outer: Carried | null,
  ) {}
}

/** What still stands, from `carried` on. */
function standing(carried: Carried | null): Carried | null {
  let found = carried;
  while (found instanceof Grip && found.over) found = found.outer;
  return found;
}

/** Semaphores, which tasks wait for in other ways, have no holder: permits are anybody's. */
const isLock = ({ waitFor }: Waiter<never>) => waitFor === "lock" || waitFor === "rLock";

/**
 * Finds the task that locks again what it holds, before it waits for itself. An instrument tells it of
 * every lock taken, waited for and given back, and asks it before a wait; it knows nothing while identity
 * is off. What it notes of a lock and of a wait, the instrument keeps for it.
 *
 * That the task is the same does not say enough: it may have called two functions side by side
 * (`Promise.all`), of which one holds the lock and the other waits its turn. So each grip travels with the
 * code that took it, as the task does. What remains looks like the holder and is not: a call that he makes
 * and does not await, and one that is made beside him, in the synchronous stretch in which he locked and
 * after that. Both should be tasks (`go`).
 */
export class Relocks {
  /** Counts synchronous stretches, as far as anybody took a lock in them. */
  #stretch = 1;
  #counting = false;
  readonly #stretchNow: (() => number) | undefined;

  /**
   * @param stretchNow the number of the synchronous stretch that runs now, where the platform has one (Node's
   * `executionAsyncId`); to count them takes a promise for each
   */
  constructor(stretchNow?: () => number) {
    this.#stretchNow = stretchNow;
  }

  /**
   * The running code got `resource` at once.
   * @param grips those of `resource`
   * @param within what the code carries, where that has been asked for already
   */
  took(grips: Grip[], resource: Resource, shared: boolean, within = carried()): void {
    const grip = this.#enter(resource, shared, within);
    if (grip === null) return;
    grip.held = true;
    if (this.#stretchNow === undefined) this.#count();
    grip.stretch = this.#now();
    grips.push(grip);
  }

  /** The running code stops for a lock: what is to be told when that is over. */
  parked(waiter: Waiter<never>): Grip | null {
    if (!isLock(waiter) || waiter.resource === null) return null;
    return this.#enter(waiter.resource, waiter.waitFor === "rLock", carried());
  }

  /** A wait has ended with the lock. @param grips those of its resource */
  got(grips: Grip[], grip: Grip): void {
    grip.held = true;
    grips.push(grip);
  }

  /** A wait has ended without the lock. */
  lost(grip: Grip): void {
    grip.over = true;
  }

  /** The running code gave a lock back: the grip of its own task if there is one, else the oldest. */
  released(grips: Grip[], shared: boolean): void {
    if (grips.length === 0) return;
    const task = grips.length === 1 ? null : identifyForGood();
    const own = grips.findIndex((grip) => grip.task === task && grip.shared === shared);
    const at = Math.max(0, own);
    grips[at]!.over = true;
    if (at === grips.length - 1) grips.pop();
    else grips.splice(at, 1);
  }

  /** The error for a task that is about to wait for itself; null where it is not. */
  judge(waiter: Waiter<never>): SyncError | null {
    const { resource, task, waitFor } = waiter;
    if (resource === null || task === null || !isLock(waiter)) return null;
    for (let each = carried(); each !== null; each = each.outer) {
      if (!(each instanceof Grip) || each.resource !== resource || !this.#stands(each)) continue;
      const code = waitFor === "rLock" && each.shared ? "recursive-read-lock" : "reentrant-lock";
      return new SyncError(`sync: deadlock: a task locks again the ${resource.kind} that it holds`, code, {
        primitive: resource.name,
        task: task.name,
      });
    }
    return null;
  }

  /** Whoever locks in the stretch in which it was got has not awaited it: he is somebody beside. */
  #stands({ held, over, stretch }: Grip): boolean {
    return held && !over && stretch !== this.#now();
  }

  #enter(resource: Resource, shared: boolean, within: Carried | null): Grip | null {
    // Only what still stands is linked to: neither a loop of sections leaves a chain behind, nor one that
    // takes the next lock before it gives back the last.
    const outer = standing(within);
    const { storage } = registry;
    if (outer === null || storage === null) return null;
    if (outer instanceof Grip) outer.outer = standing(outer.outer);
    const grip = new Grip(resource, outer.task, shared, outer);
    storage.enterWith(grip);
    return grip;
  }

  #now(): number {
    return this.#stretchNow === undefined ? this.#stretch : this.#stretchNow();
  }

  /** The next stretch begins when the microtasks have their turn. */
  #count(): void {
    if (this.#counting) return;
    this.#counting = true;
    granted.then(this.#next);
  }

  readonly #next = (): void => {
    this.#counting = false;
    this.#stretch++;
  };
}
