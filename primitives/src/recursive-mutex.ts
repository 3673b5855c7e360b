import { type Guard, HeldGuard } from "./guard.js";
import type { Locker } from "./locker.js";
import { misuse, syncError } from "./misuse.js";
import {
  type Entry,
  enableIdentity,
  granted,
  identifyForGood,
  instrument,
  type Named,
  park,
  Resource,
  ready,
  registry,
  spawn,
  type Task,
  type TaskRecord,
  Waiter,
  type WaitOptions,
  WaitQueue,
} from "./runtime/index.js";

const FOREIGN = "sync: unlock of a RecursiveMutex that another task holds";
const UNKNOWN =
  "sync: lock of a RecursiveMutex outside go while it is held outside go: by the same holder or not, nobody can tell";

/** Somebody in line, and who he is: the platform may not know any more when his turn comes. */
class Contender extends Waiter {
  constructor(
    resource: Resource,
    readonly by: TaskRecord | null,
  ) {
    super(resource, "lock");
  }
}

/**
 * A mutex that the task holding it may lock again; it is free after as many unlocks. Go has none: a
 * function that may be called with and without the lock is better split in two. It is handed to the first
 * in line, as {@link Mutex} is.
 *
 * Who is who. The owner is the task ({@link go}), and all that it calls and awaits. The first RecursiveMutex
 * made switches task identity on, which makes every `await` of the process slower on Node 20 (about 2.4
 * times; on Node 24 hardly): make it before the tasks that use it, since one that has awaited something by
 * then stays unknown.
 *
 * Outside `go` nobody can be told from anybody: two handlers of one server look like one caller. So there it
 * excludes, but knows no holder:
 *
 * | held by      | lock() by that task | lock() by another task | lock() outside `go`                     |
 * |--------------|---------------------|------------------------|-----------------------------------------|
 * | nobody       |                     | takes it               | takes it                                |
 * | a task       | one deeper          | goes in line           | goes in line                            |
 * | code outside |                     | goes in line           | SyncError: waiting might be for himself |
 *
 * {@link RecursiveMutex.withLock} needs no task: outside `go` it runs its function as one. Where the platform
 * carries nothing across an `await` (a browser) all code is outside.
 */
export class RecursiveMutex extends Resource implements Locker {
  /** null while it is free, or held outside `go`. */
  #owner: TaskRecord | null = null;
  #depth = 0;
  readonly #queue = new WaitQueue<Contender>();

  constructor(options?: Named) {
    super(options);
    enableIdentity();
  }

  /** @internal */
  get kind(): string {
    return "RecursiveMutex";
  }

  /**
   * Locks it, at once if the task holds it already, else after those who asked before.
   *
   * @throws `signal.reason` (as a rejection) when the signal aborts first, or has aborted
   * @throws {SyncError} (as a rejection) outside `go`, when it is held outside `go`
   */
  lock(options?: WaitOptions): Promise<void> {
    return this.#lock(options, RecursiveMutex.prototype.lock);
  }

  /** Locks it if it is free or the task's already; never waits. */
  tryLock(): boolean {
    const entered = this.#enter(identifyForGood(), RecursiveMutex.prototype.tryLock);
    if (!entered && instrument !== null) {
      instrument.event("lockFailed", this, 0, RecursiveMutex.prototype.tryLock);
    }
    return entered;
  }

  /**
   * One less deep; the last unlock hands it to the first in line. A `Cond` on it gives back one level only.
   *
   * @throws {SyncError} `sync: unlock of unlocked mutex`, or when another task holds it: unlike a Mutex it
   * cannot be unlocked for somebody else
   */
  unlock(): void {
    this.#unlock(RecursiveMutex.prototype.unlock);
  }

  /** `using guard = await mu.acquire()`: locks, and unlocks at the end of the block however it is left. */
  acquire(options?: WaitOptions): Promise<Guard> {
    return this.#lock(options, RecursiveMutex.prototype.acquire).then(
      () => new HeldGuard((entry) => this.#unlock(entry)),
    );
  }

  /**
   * Runs `fn` with the mutex locked; unlocks when it has ended, whether it returned or threw. Outside `go`
   * it becomes a task for that time, so that `fn` may lock again what is held for it.
   */
  withLock<T>(fn: () => T | PromiseLike<T>, options?: WaitOptions): Promise<T> {
    const entry = RecursiveMutex.prototype.withLock;
    const inTask = identifyForGood() !== null || registry.storage === null;
    if (inTask) return this.#with(fn, options, entry);
    if (this.#heldOutside) return Promise.reject(syncError("holder-unknown", UNKNOWN, this));
    return spawn(() => this.#with(fn, options, entry), { name: fn.name }, entry).join();
  }

  /** The task that holds it; `undefined` while it is free, or held outside `go`. */
  get owner(): Task | undefined {
    return (this.#owner as Task | null) ?? undefined;
  }

  /** How many unlocks it is away from being free. */
  get depth(): number {
    return this.#depth;
  }

  get locked(): boolean {
    return this.#depth > 0;
  }

  /** How many wait in line. */
  get waiters(): number {
    return this.#queue.length;
  }

  get #heldOutside(): boolean {
    return this.#depth > 0 && this.#owner === null;
  }

  /** Takes it, or goes one deeper, if `task` may. Only the outermost lock makes a difference to others. */
  #enter(task: TaskRecord | null, entry: Entry): boolean {
    if (this.#depth === 0) {
      this.#owner = task;
      if (instrument !== null) instrument.event("lock", this, 0, entry);
    } else if (task === null || task !== this.#owner) return false;
    this.#depth++;
    return true;
  }

  #lock(options: WaitOptions | undefined, entry: Entry): Promise<void> {
    const signal = options?.signal;
    if (signal?.aborted) return Promise.reject(signal.reason);
    const task = identifyForGood();
    if (this.#enter(task, entry)) return granted;
    if (task === null && this.#heldOutside) return Promise.reject(syncError("holder-unknown", UNKNOWN, this));
    const contender = new Contender(this, task);
    this.#queue.push(contender);
    return park(contender, signal, entry);
  }

  #unlock(entry: Entry): void {
    if (this.#depth === 0) throw misuse("mutexUnlock", this);
    if (identifyForGood() !== this.#owner) throw syncError("foreign-release", FOREIGN, this);
    if (--this.#depth > 0) return;
    this.#owner = null;
    if (instrument !== null) instrument.event("unlock", this, 0, entry);
    const next = this.#queue.shift();
    if (next === null) return;
    this.#owner = next.by;
    this.#depth = 1;
    ready(next, undefined);
  }

  async #with<T>(fn: () => T | PromiseLike<T>, options: WaitOptions | undefined, entry: Entry): Promise<T> {
    await this.#lock(options, entry);
    try {
      return await fn();
    } finally {
      this.#unlock(entry);
    }
  }
}
