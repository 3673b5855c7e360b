import { type Guard, HeldGuard } from "../guard.js";
import type { Locker } from "../locker.js";
import { misuse } from "../misuse.js";
import { type Entry, granted, instrument, type WaitOptions } from "../runtime/index.js";
import { expectHandle, type SharedHandle } from "./handle.js";
import { STATE, TICKETS } from "./layout.js";
import type { Line } from "./line.js";
import { OwnerDied } from "./misuse.js";
import { type SharedOptions, SharedResource } from "./resource.js";
import { SharedWaiter, type Turn } from "./turn.js";

/** Readers with a lower ticket queued behind a writer who has unlocked since: they go before the next one. */
const BOUND = STATE + 1;

/** The bits of the state; below them, how many read, or which thread writes. */
const WRITTEN = 1 << 30;
const DIED = 1 << 29;
const READERS = DIED - 1;

const shape = { kind: "SharedRWMutex", lines: ["single", "single"] } as const;

/**
 * Many readers or one writer, of all threads (Go's `sync.RWMutex`). A waiting writer stops new readers;
 * when a writer unlocks, all readers that queued behind it go before the next writer. So neither side
 * starves, and a task that reads may not `rLock` again.
 *
 * A thread that ends while it reads is taken off the readers. One that ends while it writes leaves what
 * it protects half written: the next holders are told, as those of a {@link SharedMutex} are, until one
 * of them is a writer.
 */
export class SharedRWMutex extends SharedResource implements Locker {
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #readLine: Line;
  readonly #writeLine: Line;
  readonly #member: number;
  #readSide: Locker | undefined;

  constructor(options?: SharedOptions);
  /** @internal */
  constructor(options: SharedOptions | undefined, handle: SharedHandle);
  constructor(options?: SharedOptions, handle?: SharedHandle) {
    super(shape, options, handle);
    this.#words = this.words;
    this.#readLine = this.lines[0]!;
    this.#writeLine = this.lines[1]!;
    this.#member = this.member();
  }

  /** The lock of another thread. @throws {SyncError} `wrong-handle` */
  static from(handle: SharedHandle): SharedRWMutex {
    return new SharedRWMutex(undefined, expectHandle(handle, shape.kind));
  }

  /** @internal */
  get kind(): string {
    return shape.kind;
  }

  /**
   * Locks for writing: waits until nobody reads or writes.
   *
   * @throws {SyncError} `owner-died` (as a rejection): then it is held.
   */
  lock(options?: WaitOptions): Promise<void> {
    return this.#lock(options, SharedRWMutex.prototype.lock);
  }

  /** As {@link lock}, but blocks the thread; false when `timeoutMs` have passed. */
  lockSync(timeoutMs?: number): boolean {
    return this.#block(true, timeoutMs, SharedRWMutex.prototype.lockSync);
  }

  /** Locks for writing if nobody reads or writes; never waits. */
  tryLock(): boolean {
    return this.#try(true, SharedRWMutex.prototype.tryLock);
  }

  /**
   * Ends writing.
   *
   * @throws {SyncError} `sync: Unlock of unlocked RWMutex`, also when it is locked for reading only
   */
  unlock(): void {
    this.#unlock(SharedRWMutex.prototype.unlock);
  }

  /**
   * Locks for reading: waits until nobody writes or waits to write.
   *
   * @throws {SyncError} `owner-died` (as a rejection): then it is held.
   */
  rLock(options?: WaitOptions): Promise<void> {
    return this.#rLock(options, SharedRWMutex.prototype.rLock);
  }

  /** As {@link rLock}, but blocks the thread; false when `timeoutMs` have passed. */
  rLockSync(timeoutMs?: number): boolean {
    return this.#block(false, timeoutMs, SharedRWMutex.prototype.rLockSync);
  }

  /** Locks for reading if that needs no waiting. */
  tryRLock(): boolean {
    return this.#try(false, SharedRWMutex.prototype.tryRLock);
  }

  /**
   * Ends one reading.
   *
   * @throws {SyncError} `sync: RUnlock of unlocked RWMutex`, also when it is locked for writing
   */
  rUnlock(): void {
    this.#rUnlock(SharedRWMutex.prototype.rUnlock);
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
    const locked = this.#lock(options, SharedRWMutex.prototype.acquire);
    return this.#hold(locked, true).then(() => new HeldGuard((entry) => this.#unlock(entry)));
  }

  /** `using guard = await rw.acquireRead()`: locks for reading until the end of the block. */
  acquireRead(options?: WaitOptions): Promise<Guard> {
    const locked = this.#rLock(options, SharedRWMutex.prototype.acquireRead);
    return this.#hold(locked, false).then(() => new HeldGuard((entry) => this.#rUnlock(entry)));
  }

  /** Runs `fn` as the only one; unlocks when it has ended, whether it returned or threw. */
  async withLock<T>(fn: () => T | PromiseLike<T>, options?: WaitOptions): Promise<T> {
    await this.#hold(this.#lock(options, SharedRWMutex.prototype.withLock), true);
    try {
      return await fn();
    } finally {
      this.#unlock(SharedRWMutex.prototype.withLock);
    }
  }

  /** Runs `fn` as one of the readers; unlocks when it has ended, whether it returned or threw. */
  async withRLock<T>(fn: () => T | PromiseLike<T>, options?: WaitOptions): Promise<T> {
    await this.#hold(this.#rLock(options, SharedRWMutex.prototype.withRLock), false);
    try {
      return await fn();
    } finally {
      this.#rUnlock(SharedRWMutex.prototype.withRLock);
    }
  }

  get writerHeld(): boolean {
    return (Atomics.load(this.#words, STATE) & WRITTEN) !== 0;
  }

  /** How many hold it for reading, in all threads. */
  get readers(): number {
    return readersOf(Atomics.load(this.#words, STATE));
  }

  /** How many tasks and blocked threads wait, readers and writers of all threads. */
  get waiters(): number {
    return this.#readLine.length + this.#writeLine.length;
  }

  /** @internal */
  claim(turn: Turn): boolean {
    if (turn.line === this.#writeLine) return this.#writeLine.isFirst && this.#claimWrite(turn);
    const queued = ((turn.ticket - Atomics.load(this.#words, BOUND)) | 0) < 0;
    return (queued || !this.#writeLine.awaited) && this.#claimRead(turn);
  }

  /** @internal */
  override wake(): void {
    const state = Atomics.load(this.#words, STATE);
    if ((state & WRITTEN) !== 0) return;
    this.#readLine.callAll();
    if (this.readers === 0) this.#writeLine.callFirst();
  }

  /** @internal A reader's thread has ended. */
  override bury(_countAt: number, heldAt: number, spentAt: number): void {
    const words = this.#words;
    const held = words[heldAt]! - Atomics.load(words, spentAt);
    for (;;) {
      const old = Atomics.load(words, STATE);
      const count = Math.min(held, readersOf(old));
      if (count <= 0) return;
      if (Atomics.compareExchange(words, STATE, old, old - count) !== old) continue;
      words[heldAt] = 0;
      if (instrument !== null) instrument.event("rRecovered", this, count, SharedRWMutex);
      return;
    }
  }

  /** @internal The thread that wrote has ended. */
  protected override recover(member: number): void {
    const state = Atomics.load(this.#words, STATE);
    if ((state & WRITTEN) === 0 || (state & READERS) !== member) return;
    Atomics.or(this.#words, STATE, DIED);
    if (instrument !== null) instrument.event("recovered", this, 1, SharedRWMutex);
    this.#endWrite();
  }

  #lock(options: WaitOptions | undefined, entry: Entry): Promise<void> {
    const signal = options?.signal;
    if (signal?.aborted) return Promise.reject(signal.reason);
    this.lookAround();
    const turn = new SharedWaiter<void>(this, "lock", this.#writeLine);
    if (!this.#mayWrite || !this.#claimWrite(turn)) return this.#writeLine.park(turn, signal, entry);
    if (instrument !== null) instrument.event("lock", this, 0, entry);
    return turn.error === undefined ? granted : Promise.reject(turn.error);
  }

  #rLock(options: WaitOptions | undefined, entry: Entry): Promise<void> {
    const signal = options?.signal;
    if (signal?.aborted) return Promise.reject(signal.reason);
    this.lookAround();
    const turn = new SharedWaiter<void>(this, "rLock", this.#readLine);
    if (!this.#tryRead(turn)) return this.#readLine.park(turn, signal, entry);
    if (instrument !== null) instrument.event("rLock", this, 0, entry);
    return turn.error === undefined ? granted : Promise.reject(turn.error);
  }

  #block(write: boolean, timeoutMs: number | undefined, entry: Entry): boolean {
    const now = this.#attempt(write);
    if (now !== null) return this.#report(now, write, entry);
    const line = this.#lineOf(write);
    const turn = new SharedWaiter<never>(this, write ? "lock" : "rLock", line);
    const got = line.block(turn, timeoutMs ?? Number.POSITIVE_INFINITY, entry);
    if (turn.error !== undefined) throw turn.error;
    return got;
  }

  #try(write: boolean, entry: Entry): boolean {
    return this.#report(this.#attempt(write), write, entry);
  }

  #attempt(write: boolean): Turn | null {
    this.lookAround();
    const turn = new SharedWaiter<void>(this, write ? "lock" : "rLock", this.#lineOf(write));
    const got = write ? this.#mayWrite && this.#claimWrite(turn) : this.#tryRead(turn);
    return got ? turn : null;
  }

  /** What the instrument and the caller of a form without a promise are told. */
  #report(turn: Turn | null, write: boolean, entry: Entry): boolean {
    if (instrument !== null) {
      const name = write ? "lock" : "rLock";
      instrument.event(turn === null ? `${name}Failed` : name, this, 0, entry);
    }
    if (turn?.error !== undefined) throw turn.error;
    return turn !== null;
  }

  #lineOf(write: boolean): Line {
    return write ? this.#writeLine : this.#readLine;
  }

  /** Nobody came before a writer who comes now. */
  get #mayWrite(): boolean {
    return !this.#writeLine.awaited && !this.#readersFirst;
  }

  /** Readers who queued behind the last writer have yet to read. */
  get #readersFirst(): boolean {
    const first = this.#readLine.firstTicket;
    return first !== undefined && ((first - Atomics.load(this.#words, BOUND)) | 0) < 0;
  }

  #tryRead(turn: Turn): boolean {
    return !this.#writeLine.awaited && this.#claimRead(turn);
  }

  #claimWrite(turn: Turn): boolean {
    const words = this.#words;
    if (this.#readersFirst) return false;
    for (;;) {
      const old = Atomics.load(words, STATE);
      if ((old & (WRITTEN | READERS)) !== 0) return false;
      if (Atomics.compareExchange(words, STATE, old, WRITTEN | this.#member) !== old) continue;
      if ((old & DIED) !== 0) turn.error = new OwnerDied(this);
      return true;
    }
  }

  #claimRead(turn: Turn): boolean {
    const words = this.#words;
    if ((Atomics.load(words, STATE) & WRITTEN) !== 0) return false;
    this.#readLine.secure();
    const { heldAt } = this.#readLine;
    for (;;) {
      const old = Atomics.load(words, STATE);
      if ((old & WRITTEN) !== 0) {
        this.#readLine.unsecure();
        return false;
      }
      if (Atomics.compareExchange(words, STATE, old, old + 1) !== old) continue;
      words[heldAt]!++;
      if ((old & DIED) !== 0) turn.error = new OwnerDied(this);
      return true;
    }
  }

  #unlock(entry: Entry): void {
    const state = Atomics.load(this.#words, STATE);
    if ((state & WRITTEN) === 0) {
      throw misuse(readersOf(state) === 0 ? "rwUnlock" : "unlockWhileRead", this);
    }
    if (instrument !== null) instrument.event("unlock", this, 0, entry);
    this.#endWrite();
  }

  #endWrite(): void {
    const words = this.#words;
    Atomics.store(words, BOUND, Atomics.load(words, TICKETS));
    Atomics.and(words, STATE, DIED);
    this.wake();
  }

  #rUnlock(entry: Entry): void {
    const words = this.#words;
    const own = this.#readLine.held > 0;
    const { heldAt } = this.#readLine;
    for (;;) {
      const old = Atomics.load(words, STATE);
      if (readersOf(old) === 0) {
        throw misuse((old & WRITTEN) === 0 ? "rUnlock" : "rUnlockWhileWritten", this);
      }
      if (Atomics.compareExchange(words, STATE, old, old - 1) !== old) continue;
      if (own) words[heldAt]!--;
      break;
    }
    if (own) this.#readLine.unsecure();
    else this.#readLine.spend(1);
    if (instrument !== null) instrument.event("rUnlock", this, 0, entry);
    if (this.readers === 0) this.wake();
  }

  /** Holds nothing when it rejects: the next one is told again. */
  #hold(locked: Promise<void>, write: boolean): Promise<void> {
    return locked.catch((error: unknown) => {
      if (error instanceof OwnerDied && error.of === this) {
        Atomics.or(this.#words, STATE, DIED);
        if (write) this.#unlock(SharedRWMutex.prototype.unlock);
        else this.#rUnlock(SharedRWMutex.prototype.rUnlock);
      }
      throw error;
    });
  }
}

function readersOf(state: number): number {
  return (state & WRITTEN) === 0 ? state & READERS : 0;
}
