import { type Guard, HeldGuard } from "./guard.js";
import type { Locker } from "./locker.js";
import { misuse } from "./misuse.js";
import {
  type Entry,
  granted,
  instrument,
  parkUntilReady,
  Resource,
  ready,
  Waiter,
  type WaitOptions,
  WaitQueue,
} from "./runtime/index.js";

/**
 * Many readers or one writer (Go's `sync.RWMutex`).
 *
 * Who goes first. A waiting writer stops new readers, or a stream of them would starve it. When a
 * writer unlocks, all readers that queued behind it go before the next writer, or a stream of writers
 * would starve them:
 *
 * | state          | rLock()                 | lock()                | last rUnlock()  | unlock()            |
 * |----------------|-------------------------|-----------------------|-----------------|---------------------|
 * | free           | reads                   | writes                | SyncError       | SyncError           |
 * | read           | reads, or goes in line  | goes in line          | first writer,   | SyncError           |
 * |                | if a writer is waiting  |                       | else free       |                     |
 * | written        | goes in line            | goes in line          | SyncError       | all readers in line,|
 * |                |                         |                       |                 | else first writer,  |
 * |                |                         |                       |                 | else free           |
 *
 * So a task that reads may not `rLock` again: with a writer in between, each waits for the other.
 */
export class RWMutex extends Resource implements Locker {
  #written = false;
  #readers = 0;
  readonly #waitingWriters = new WaitQueue<Waiter>();
  readonly #waitingReaders = new WaitQueue<Waiter>();
  #readSide: Locker | undefined;

  /** @internal */
  get kind(): string {
    return "RWMutex";
  }

  /** Locks for writing: waits until nobody reads or writes. */
  lock(options?: WaitOptions): Promise<void> {
    return this.#lock(options, RWMutex.prototype.lock);
  }

  /** Locks for writing if nobody reads or writes; never waits. */
  tryLock(): boolean {
    const free = this.#free;
    if (instrument !== null) {
      instrument.event(free ? "lock" : "lockFailed", this, 0, RWMutex.prototype.tryLock);
    }
    if (free) this.#written = true;
    return free;
  }

  /**
   * Ends writing.
   *
   * @throws {SyncError} `sync: Unlock of unlocked RWMutex`, also when it is locked for reading only
   */
  unlock(): void {
    this.#unlock(RWMutex.prototype.unlock);
  }

  /** Locks for reading: waits until nobody writes or waits to write. */
  rLock(options?: WaitOptions): Promise<void> {
    return this.#rLock(options, RWMutex.prototype.rLock);
  }

  /** Locks for reading if that needs no waiting. */
  tryRLock(): boolean {
    const open = this.#open;
    if (instrument !== null) {
      instrument.event(open ? "rLock" : "rLockFailed", this, 0, RWMutex.prototype.tryRLock);
    }
    if (open) this.#readers++;
    return open;
  }

  /**
   * Ends one reading.
   *
   * @throws {SyncError} `sync: RUnlock of unlocked RWMutex`, also when it is locked for writing
   */
  rUnlock(): void {
    this.#rUnlock(RWMutex.prototype.rUnlock);
  }

  /** The read side as a {@link Locker}: its `lock` is `rLock`, its `unlock` is `rUnlock`. */
  rLocker(): Locker {
    this.#readSide ??= {
      lock: (options) => this.#rLock(options, this.#readSide!.lock),
      unlock: () => this.#rUnlock(this.#readSide!.unlock),
    };
    return this.#readSide;
  }

  /** `using guard = await rw.acquire()`: locks for writing until the end of the block. */
  acquire(options?: WaitOptions): Promise<Guard> {
    return this.#lock(options, RWMutex.prototype.acquire).then(
      () => new HeldGuard((entry) => this.#unlock(entry)),
    );
  }

  /** `using guard = await rw.acquireRead()`: locks for reading until the end of the block. */
  acquireRead(options?: WaitOptions): Promise<Guard> {
    return this.#rLock(options, RWMutex.prototype.acquireRead).then(
      () => new HeldGuard((entry) => this.#rUnlock(entry)),
    );
  }

  /** Runs `fn` as the only one; unlocks when it has ended, whether it returned or threw. */
  async withLock<T>(fn: () => T | PromiseLike<T>, options?: WaitOptions): Promise<T> {
    await this.#lock(options, RWMutex.prototype.withLock);
    try {
      return await fn();
    } finally {
      this.#unlock(RWMutex.prototype.withLock);
    }
  }

  /** Runs `fn` as one of the readers; unlocks when it has ended, whether it returned or threw. */
  async withRLock<T>(fn: () => T | PromiseLike<T>, options?: WaitOptions): Promise<T> {
    await this.#rLock(options, RWMutex.prototype.withRLock);
    try {
      return await fn();
    } finally {
      this.#rUnlock(RWMutex.prototype.withRLock);
    }
  }

  get writerHeld(): boolean {
    return this.#written;
  }

  /** How many hold it for reading. */
  get readers(): number {
    return this.#readers;
  }

  /** How many wait, readers and writers. */
  get waiters(): number {
    return this.#waitingWriters.length + this.#waitingReaders.length;
  }

  /** @internal Readers that were held up by a writer who has given up. */
  override waiterLeft(): void {
    if (this.#open) this.#admitReaders();
  }

  /** Nobody holds it, so nobody waits either. */
  get #free(): boolean {
    return !this.#written && this.#readers === 0;
  }

  /** Readers may come in. */
  get #open(): boolean {
    return !this.#written && this.#waitingWriters.empty;
  }

  #lock(options: WaitOptions | undefined, entry: Entry): Promise<void> {
    const signal = options?.signal;
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.#free) {
      this.#written = true;
      if (instrument !== null) instrument.event("lock", this, 0, entry);
      return granted;
    }
    const waiter = new Waiter(this, "lock");
    this.#waitingWriters.push(waiter);
    return parkUntilReady(waiter, signal, entry);
  }

  #unlock(entry: Entry): void {
    if (!this.#written) throw misuse(this.#readers > 0 ? "unlockWhileRead" : "rwUnlock", this);
    if (instrument !== null) instrument.event("unlock", this, 0, entry);
    this.#written = false;
    if (!this.#admitReaders()) this.#admitWriter();
  }

  #rLock(options: WaitOptions | undefined, entry: Entry): Promise<void> {
    const signal = options?.signal;
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.#open) {
      this.#readers++;
      if (instrument !== null) instrument.event("rLock", this, 0, entry);
      return granted;
    }
    const waiter = new Waiter(this, "rLock");
    this.#waitingReaders.push(waiter);
    return parkUntilReady(waiter, signal, entry);
  }

  #rUnlock(entry: Entry): void {
    if (this.#readers === 0) throw misuse(this.#written ? "rUnlockWhileWritten" : "rUnlock", this);
    if (instrument !== null) instrument.event("rUnlock", this, 0, entry);
    this.#readers--;
    if (this.#readers === 0) this.#admitWriter();
  }

  #admitReaders(): boolean {
    const before = this.#readers;
    this.#waitingReaders.drain((reader) => {
      this.#readers++;
      ready(reader, undefined);
    });
    return this.#readers > before;
  }

  #admitWriter(): void {
    const next = this.#waitingWriters.shift();
    if (next !== null) {
      this.#written = true;
      ready(next, undefined);
    }
  }
}
