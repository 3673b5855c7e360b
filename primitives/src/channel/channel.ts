import { misuse } from "../misuse.js";
import {
  type Entry,
  granted,
  instrument,
  type Named,
  park,
  Resource,
  type WaitOptions,
  WaitQueue,
} from "../runtime/index.js";
import { Ring } from "./ring.js";
import type { genuine, ReceiveChannel, SendChannel } from "./views.js";
import { ChannelWaiter, type Receiver, type Sender, type Shape } from "./waiters.js";

/** @internal What a receive finds that would have to wait. */
export const nothing: unique symbol = Symbol("nothing yet");
/** @internal What a receive finds once the channel is closed and drained. */
export const ended: unique symbol = Symbol("closed and drained");

const LARGEST = 2 ** 32 - 1;

/**
 * Values handed from task to task in order (Go's `chan`).
 *
 * How it works. Two queues of waiting tasks and a buffer of `capacity` values, at most one of the two
 * queues in use (but for a select that stands in both). What always holds:
 * - values in the buffer: no receiver waits; room in the buffer: no sender waits;
 * - a value goes straight to a waiting receiver, past the buffer;
 * - taking from a full buffer lets the first waiting sender fill the place;
 * - closed: nobody waits.
 *
 * `undefined` is a value like any other; {@link Channel.receiveOk} tells it from the end. A thenable
 * cannot pass through `receive`, whose promise would await it: use `receiveOk`, or wrap it.
 */
export class Channel<T> extends Resource implements SendChannel<T>, ReceiveChannel<T> {
  declare readonly [genuine]: true;
  /** How many values it holds for which nobody waits yet; 0: a send waits for its receiver. */
  readonly capacity: number;
  /** @internal */
  readonly senders = new WaitQueue<Sender<T>>();
  /** @internal */
  receivers = new WaitQueue<Receiver<T>>();
  readonly #buffer = new Ring<T>();
  #closed = false;
  #nil = false;

  /** @throws {SyncError} `makechan: size out of range`: not a whole number from 0 to 2^32 - 1 */
  constructor(capacity = 0, options?: Named) {
    if (!Number.isInteger(capacity) || capacity < 0 || capacity > LARGEST) throw misuse("channelSize");
    super(options);
    this.capacity = capacity;
  }

  /**
   * Go's nil channel: send and receive wait for ever (until their signal aborts), `close` throws. In a
   * select its case never comes up, which is how a case is switched off.
   */
  static nil<T>(): Channel<T> {
    const channel = new Channel<T>();
    channel.#nil = true;
    return channel;
  }

  /** @internal */
  get kind(): string {
    return "Channel";
  }

  /** How many values are in the buffer. */
  get length(): number {
    return this.#buffer.length;
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** @internal */
  get isNil(): boolean {
    return this.#nil;
  }

  /**
   * Hands over `value`: waits for room in the buffer or, without buffer, for a receiver.
   *
   * @throws {SyncError} `send on closed channel` (as a rejection), also when it is closed during the wait
   */
  send(value: T, options?: WaitOptions): Promise<void> {
    const signal = options?.signal;
    if (signal?.aborted) return Promise.reject(signal.reason);
    if (this.#closed) return Promise.reject(misuse("sendOnClosed", this));
    if (this.give(value, Channel.prototype.send)) return granted;
    const waiter = new ChannelWaiter(this, "send", value, noValue);
    if (!this.#nil) this.senders.push(waiter);
    return park(waiter, signal, Channel.prototype.send);
  }

  /**
   * Hands over `value` if that needs no waiting (Go's select with a send and a default).
   *
   * @throws {SyncError} `send on closed channel`
   */
  trySend(value: T): boolean {
    if (this.#closed) throw misuse("sendOnClosed", this);
    if (this.give(value, Channel.prototype.trySend)) return true;
    if (instrument !== null) instrument.event("sendFailed", this, this.length, Channel.prototype.trySend);
    return false;
  }

  /** The next value; `undefined` when the channel is closed and drained. */
  receive(options?: WaitOptions): Promise<T | undefined> {
    return this.#receive(valueOnly<T | undefined>, options, Channel.prototype.receive);
  }

  /** The next value and true; `undefined` and false when the channel is closed and drained. */
  receiveOk(options?: WaitOptions): Promise<[value: T | undefined, ok: boolean]> {
    return this.#receive(pair<T>, options, Channel.prototype.receiveOk);
  }

  /** As {@link Channel.receiveOk} if that needs no waiting; else `undefined`. */
  tryReceive(): [value: T | undefined, ok: boolean] | undefined {
    const found = this.find(Channel.prototype.tryReceive);
    if (found === ended) return [undefined, false];
    if (found !== nothing) return [found, true];
    if (instrument !== null) instrument.event("receiveFailed", this, 0, Channel.prototype.tryReceive);
    return undefined;
  }

  /**
   * No more values will be sent: receivers get what is buffered and then the end, waiting senders fail.
   *
   * @throws {SyncError} `close of closed channel`, `close of nil channel`
   */
  close(): void {
    if (this.#nil) throw misuse("closeOfNil", this);
    if (this.#closed) throw misuse("closeOfClosed", this);
    this.#closed = true;
    if (instrument !== null) instrument.event("close", this, this.length, Channel.prototype.close);
    this.receivers.drain((receiver) => receiver.received(undefined, false));
    this.senders.drain((sender) => sender.refused(misuse("sendOnClosed", this)));
  }

  /** `for await (const value of channel)`, until it is closed and drained (Go's range). */
  [Symbol.asyncIterator](): AsyncIterableIterator<T, undefined> {
    return this.values();
  }

  /** The same with a signal: `for await (const value of channel.values({ signal }))` throws its reason. */
  values(options?: WaitOptions): AsyncIterableIterator<T, undefined> {
    const next = () => this.#receive(step<T>, options, next);
    return {
      next,
      return: () => Promise.resolve({ done: true, value: undefined }),
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  }

  /** @internal Whether a send would go through (or fail) now. */
  get canSend(): boolean {
    return this.#closed || !this.receivers.empty || this.#buffer.length < this.capacity;
  }

  /** @internal Whether a receive would go through now. */
  get canReceive(): boolean {
    return this.#closed || this.#buffer.length > 0 || !this.senders.empty;
  }

  /** @internal Sends if that needs no waiting. The channel is not closed. */
  give(value: T, entry: Entry): boolean {
    const receiver = this.receivers.shift();
    if (receiver === null && this.#buffer.length >= this.capacity) return false;
    if (receiver === null) this.#buffer.push(value);
    if (instrument !== null) instrument.event("send", this, this.length, entry);
    if (receiver !== null) receiver.received(value, true);
    return true;
  }

  /** @internal Receives if that needs no waiting. */
  find(entry: Entry): T | typeof nothing | typeof ended {
    const buffered = this.#buffer.length > 0;
    const sender = this.senders.shift();
    if (!buffered && sender === null) {
      if (!this.#closed) return nothing;
      if (instrument !== null) instrument.event("receiveEnd", this, 0, entry);
      return ended;
    }
    const value = buffered ? this.#buffer.shift() : sender!.value;
    if (buffered && sender !== null) this.#buffer.push(sender.value);
    if (instrument !== null) instrument.event("receive", this, this.length, entry);
    if (sender !== null) sender.sent();
    return value;
  }

  #receive<R>(shape: Shape<T, R>, options: WaitOptions | undefined, entry: Entry): Promise<R> {
    const signal = options?.signal;
    if (signal?.aborted) return Promise.reject(signal.reason);
    const found = this.find(entry);
    if (found === ended) return Promise.resolve(shape(undefined, false));
    if (found !== nothing) return Promise.resolve(shape(found, true));
    const waiter = new ChannelWaiter<T, R>(this, "receive", undefined as T, shape);
    if (!this.#nil) this.receivers.push(waiter);
    return park(waiter, signal, entry);
  }
}

/** What a send comes to. */
function noValue(): void {}

function valueOnly<T>(value: T): T {
  return value;
}

function pair<T>(value: T | undefined, ok: boolean): [T | undefined, boolean] {
  return [value, ok];
}

function step<T>(value: T | undefined, ok: boolean): IteratorResult<T, undefined> {
  return ok ? { done: false, value: value as T } : { done: true, value: undefined };
}
