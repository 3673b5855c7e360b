import { asError } from "../as-error.js";
import { Ring } from "../channel/ring.js";
import type { Context } from "../context/context.js";
import { type CancelCauseFunc, withCancelCause } from "../context/derive.js";
import { syncError } from "../misuse.js";
import {
  type Entry,
  fail,
  granted,
  instrument,
  type Named,
  park,
  Resource,
  ready,
  spawn,
  Waiter,
  type WaitOptions,
  WaitQueue,
} from "../runtime/index.js";

/**
 * Tasks that work on parts of one thing (Go's `errgroup.Group`): waits for all of them, and tells of the
 * first that failed.
 *
 * What a task of the group throws is its error, and does not end the process: {@link ErrGroup.wait} has it.
 */
export class ErrGroup extends Resource {
  /** Running, and waiting for their turn. */
  #left = 0;
  #active = 0;
  #limit = Number.POSITIVE_INFINITY;
  #failure: { readonly error: unknown } | null = null;
  #cancel: CancelCauseFunc | null = null;
  readonly #queued = new Ring<() => unknown>();
  readonly #waiters = new WaitQueue<Waiter>();

  /**
   * A group and a context for its tasks: that ends with the first error, which is its cause, or when
   * `wait` is over.
   */
  static withContext(parent: Context, options?: Named): [ErrGroup, Context] {
    const [ctx, cancel] = withCancelCause(parent);
    const group = new ErrGroup(options);
    group.#cancel = cancel;
    return [group, ctx];
  }

  /** @internal */
  get kind(): string {
    return "ErrGroup";
  }

  /**
   * Starts `fn` as a task, or queues it while the limit is reached: Go's `Go` waits there, this does not.
   * Queued ones start in order.
   */
  go(fn: () => unknown): void {
    this.#add(1, ErrGroup.prototype.go);
    if (this.#active < this.#limit) this.#start(fn, ErrGroup.prototype.go);
    else this.#queued.push(fn);
  }

  /** Starts `fn` as a task unless the limit is reached. */
  tryGo(fn: () => unknown): boolean {
    if (this.#active >= this.#limit) return false;
    this.#add(1, ErrGroup.prototype.tryGo);
    this.#start(fn, ErrGroup.prototype.tryGo);
    return true;
  }

  /**
   * At most `n` tasks run at a time; any number if `n` is negative. With 0 none starts.
   *
   * @throws {SyncError} `errgroup: modify limit while 3 goroutines in the group are still active`
   * @throws {RangeError} unless `n` is a whole number or infinite
   */
  setLimit(n: number): void {
    if (!Number.isInteger(n) && n !== Number.POSITIVE_INFINITY) {
      throw new RangeError(`ErrGroup.setLimit: not a number of tasks: ${n}`);
    }
    if (this.#active > 0) {
      const text = `errgroup: modify limit while ${this.#active} goroutines in the group are still active`;
      throw syncError("errgroup-limit", text, this);
    }
    this.#limit = n < 0 ? Number.POSITIVE_INFINITY : n;
    this.#startQueued(ErrGroup.prototype.setLimit);
  }

  /**
   * Waits for all, those included that are started meanwhile; rejects with the first error. Ends the
   * group's context.
   */
  wait(options?: WaitOptions): Promise<void> {
    const signal = options?.signal;
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.#left === 0) {
      if (instrument !== null) instrument.event("wait", this, 0, ErrGroup.prototype.wait);
      this.#endContext();
      return this.#failure === null ? granted : Promise.reject(this.#failure.error);
    }
    const waiter = new Waiter(this, "wait");
    this.#waiters.push(waiter);
    return park(waiter, signal, ErrGroup.prototype.wait);
  }

  #start(fn: () => unknown, entry: Entry): void {
    this.#active++;
    const guarded = async () => {
      try {
        await fn();
      } catch (error) {
        this.#fail(error);
      }
      this.#active--;
      this.#startQueued(entry);
      this.#add(-1, entry);
    };
    spawn(guarded, { name: fn.name }, entry);
  }

  #startQueued(entry: Entry): void {
    while (this.#queued.length > 0 && this.#active < this.#limit) this.#start(this.#queued.shift(), entry);
  }

  #fail(error: unknown): void {
    if (this.#failure !== null) return;
    this.#failure = { error };
    this.#endContext();
  }

  #add(delta: 1 | -1, entry: Entry): void {
    if (instrument !== null) instrument.event("add", this, delta, entry);
    this.#left += delta;
    if (this.#left > 0 || this.#waiters.empty) return;
    this.#endContext();
    this.#waiters.drain((waiter) => {
      if (this.#failure === null) ready(waiter, undefined);
      else fail(waiter, this.#failure.error);
    });
  }

  #endContext(): void {
    this.#cancel?.(this.#failure === null ? undefined : asError(this.#failure.error));
    this.#cancel = null;
  }
}
