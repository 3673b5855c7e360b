import { Channel } from "../channel/channel.js";
import { fail, park, Resource, ready, Waiter, type WaitOptions, WaitQueue } from "../runtime/index.js";

/** What came of a call, and whether more than one asked for it. */
export interface Shared<T> {
  readonly value: T;
  readonly shared: boolean;
}

/** As {@link Shared}, for a channel: `error` is what the call threw. */
export interface SharedResult<T> {
  readonly value?: T;
  readonly error?: unknown;
  readonly shared: boolean;
}

type Outcome<T> = { readonly value: T } | { readonly error: unknown };

/** A call that runs, and who wants to know what comes of it. */
class Call<T> {
  /** Never rejects. */
  outcome!: Promise<Outcome<T>>;
  /** Whether somebody else has joined him who began it. */
  shared = false;
  readonly waiters = new WaitQueue<Waiter<Shared<T>>>();
  readonly channels: Channel<SharedResult<T>>[] = [];
}

/**
 * Does each thing once at a time, however many ask for it (Go's `singleflight.Group`): who asks while a
 * call for his key is under way gets that call's result.
 */
export class SingleFlight<T> extends Resource {
  readonly #calls = new Map<string, Call<T>>();

  /** @internal */
  get kind(): string {
    return "SingleFlight";
  }

  /**
   * Calls `fn`, unless a call for `key` is under way, and returns its value; rejects with what it threw.
   * The first `fn` begins within this call. Who gives up by his signal leaves the call to the others: it
   * goes on, and `fn` learns nothing of it.
   */
  do(key: string, fn: () => T | PromiseLike<T>, options?: WaitOptions): Promise<Shared<T>> {
    const signal = options?.signal;
    if (signal?.aborted) return Promise.reject(signal.reason);
    const running = this.#calls.get(key);
    if (running !== undefined) {
      running.shared = true;
      return this.#join(running, signal);
    }
    const call = this.#begin(key, fn);
    // Who runs `fn` waits for that, not for others.
    return signal === undefined
      ? call.outcome.then((outcome) => unwrap(outcome, call))
      : this.#join(call, signal);
  }

  /** As {@link SingleFlight.do}; the result is sent on the channel, once, also if nobody receives it. */
  doChan(key: string, fn: () => T | PromiseLike<T>): Channel<SharedResult<T>> {
    const channel = new Channel<SharedResult<T>>(1, { name: `${this.name}(${key})` });
    const running = this.#calls.get(key);
    if (running !== undefined) running.shared = true;
    (running ?? this.#begin(key, fn)).channels.push(channel);
    return channel;
  }

  /** The next who asks for `key` calls anew, whether a call is under way or not. */
  forget(key: string): void {
    this.#calls.delete(key);
  }

  #begin(key: string, fn: () => T | PromiseLike<T>): Call<T> {
    const call = new Call<T>();
    // First, since `fn` may ask for other keys, or forget this one.
    this.#calls.set(key, call);
    call.outcome = outcomeOf(fn);
    void call.outcome.then((outcome) => this.#end(key, call, outcome));
    return call;
  }

  #join(call: Call<T>, signal: AbortSignal | undefined): Promise<Shared<T>> {
    const waiter = new Waiter<Shared<T>>(this, "wait");
    call.waiters.push(waiter);
    return park(waiter, signal, SingleFlight.prototype.do);
  }

  #end(key: string, call: Call<T>, outcome: Outcome<T>): void {
    // After a `forget` the key may be another call's.
    if (this.#calls.get(key) === call) this.#calls.delete(key);
    const { shared, waiters, channels } = call;
    waiters.drain((waiter) => {
      if ("error" in outcome) fail(waiter, outcome.error);
      else ready(waiter, { value: outcome.value, shared });
    });
    for (const channel of channels) channel.trySend({ ...outcome, shared });
  }
}

async function outcomeOf<T>(fn: () => T | PromiseLike<T>): Promise<Outcome<T>> {
  try {
    return { value: await fn() };
  } catch (error) {
    return { error };
  }
}

function unwrap<T>(outcome: Outcome<T>, { shared }: Call<T>): Shared<T> {
  if ("error" in outcome) throw outcome.error;
  return { value: outcome.value, shared };
}
