import { misuse, syncError } from "../misuse.js";
import { type Entry, granted, instrument, type WaitOptions } from "../runtime/index.js";
import { fromBytes, toBytes } from "./codec.js";
import { expectHandle, type SharedHandle } from "./handle.js";
import { STATE } from "./layout.js";
import type { Line } from "./line.js";
import { type SharedOptions, SharedResource } from "./resource.js";
import { Ring } from "./ring.js";
import { SharedWaiter, type Turn } from "./turn.js";

const CLOSED = STATE + 4;

const shape = { kind: "SharedChannel", lines: ["chain", "chain"] } as const;

export interface SharedChannelOptions extends SharedOptions {
  /** How much may be on its way; every message takes its serialised form and four bytes. */
  bytes: number;
}

/** What a receiver gets; ok is false at the end of a closed channel. */
type Received<T> = [value: T | undefined, ok: boolean];

/**
 * A channel between threads: a ring of bytes that all of them share. Many send and many receive, first
 * come, first served on either side. Values arrive as copies, made by structured clone (`node:v8`); where
 * that is not to be had (browsers) the channel carries what JSON does and dates, maps, sets, bigints,
 * buffers, views, errors and cycles. It is buffered by its bytes; there is no unbuffered one.
 */
export class SharedChannel<T> extends SharedResource {
  readonly #words: Int32Array<SharedArrayBuffer>;
  readonly #ring: Ring;
  readonly #senders: Line;
  readonly #receivers: Line;

  constructor(options: SharedChannelOptions);
  /** @internal */
  constructor(options: SharedChannelOptions | undefined, handle: SharedHandle);
  constructor(options?: SharedChannelOptions, handle?: SharedHandle) {
    const bytes = options?.bytes ?? 0;
    if (handle === undefined && !(Number.isInteger(bytes) && bytes > 0 && bytes <= 2 ** 29)) {
      throw syncError("channel-size", "makechan: size out of range");
    }
    super({ ...shape, extra: Ring.size(bytes) }, options, handle);
    this.#words = this.words;
    const capacity = handle === undefined ? Ring.size(bytes) : undefined;
    this.#ring = new Ring(this.words, STATE, this.extra, this.deaths, capacity);
    this.#senders = this.lines[0]!;
    this.#receivers = this.lines[1]!;
  }

  /** The channel of another thread. @throws {SyncError} `wrong-handle` */
  static from<T>(handle: SharedHandle): SharedChannel<T> {
    return new SharedChannel<T>(undefined, expectHandle(handle, shape.kind));
  }

  /** @internal */
  get kind(): string {
    return shape.kind;
  }

  /** How many bytes may be on their way. */
  get bytes(): number {
    return this.#ring.capacity;
  }

  get closed(): boolean {
    return Atomics.load(this.#words, CLOSED) === 1;
  }

  /**
   * Sends a copy of `value`; waits until there is room for it.
   *
   * @throws {SyncError} `send on closed channel`, also when it is closed while this waits
   * @throws {RangeError} when the channel could never hold it
   */
  send(value: T, options?: WaitOptions): Promise<void> {
    const signal = options?.signal;
    if (signal?.aborted) return Promise.reject(signal.reason);
    try {
      const message = this.#encode(value);
      if (this.#try(this.#senders, message, SharedChannel.prototype.send) !== null) return granted;
      const waiter = new SharedWaiter<void>(this, "send", this.#senders, 0, message);
      return this.#senders.park(waiter, signal, SharedChannel.prototype.send);
    } catch (error) {
      return Promise.reject(error);
    }
  }

  /** As {@link send}, but blocks the thread; false when `timeoutMs` have passed. */
  sendSync(value: T, timeoutMs?: number): boolean {
    const message = this.#encode(value);
    return this.#block(this.#senders, message, timeoutMs, SharedChannel.prototype.sendSync) !== null;
  }

  /** Sends a copy of `value` if there is room and nobody waits for it. */
  trySend(value: T): boolean {
    return this.#try(this.#senders, this.#encode(value), SharedChannel.prototype.trySend) !== null;
  }

  /** The next value; `undefined` when the channel is closed and empty. */
  receive(options?: WaitOptions): Promise<T | undefined> {
    return this.#receive(options, SharedChannel.prototype.receive).then(([value]) => value);
  }

  /** As {@link receive}, with whether it is a value and not the end. */
  receiveOk(options?: WaitOptions): Promise<[value: T | undefined, ok: boolean]> {
    return this.#receive(options, SharedChannel.prototype.receiveOk);
  }

  /** As {@link receive}, but blocks the thread; `undefined` also when `timeoutMs` have passed. */
  receiveSync(timeoutMs?: number): T | undefined {
    const turn = this.#block(this.#receivers, undefined, timeoutMs, SharedChannel.prototype.receiveSync);
    return (turn?.result as Received<T> | undefined)?.[0];
  }

  /** What is there, if nobody waits for it; `undefined` if nothing is. */
  tryReceive(): [value: T | undefined, ok: boolean] | undefined {
    const turn = this.#try(this.#receivers, undefined, SharedChannel.prototype.tryReceive);
    return turn?.result as Received<T> | undefined;
  }

  /**
   * Nothing more will be sent. What is on its way can still be received.
   *
   * @throws {SyncError} `close of closed channel`
   */
  close(): void {
    if (Atomics.compareExchange(this.#words, CLOSED, 0, 1) !== 0) throw misuse("closeOfClosed", this);
    if (instrument !== null) instrument.event("close", this, 0, SharedChannel.prototype.close);
    this.#senders.callAll();
    this.#receivers.callAll();
  }

  /** Receives until the channel is closed and empty. */
  async *[Symbol.asyncIterator](): AsyncGenerator<T, void> {
    for (;;) {
      const [value, ok] = await this.#receive(undefined, SharedChannel.prototype[Symbol.asyncIterator]);
      if (!ok) return;
      yield value as T;
    }
  }

  /** @internal */
  claim(turn: Turn): boolean {
    return turn.line === this.#senders ? this.#claimSend(turn) : this.#claimReceive(turn);
  }

  /** @internal */
  override wake(): void {
    this.#senders.callFirst();
    this.#receivers.callFirst();
  }

  #receive(options: WaitOptions | undefined, entry: Entry): Promise<Received<T>> {
    const signal = options?.signal;
    if (signal?.aborted) return Promise.reject(signal.reason);
    try {
      const turn = this.#try(this.#receivers, undefined, entry);
      if (turn !== null) return Promise.resolve(turn.result as Received<T>);
    } catch (error) {
      return Promise.reject(error);
    }
    const waiter = new SharedWaiter<Received<T>>(this, "receive", this.#receivers);
    return this.#receivers.park(waiter, signal, entry);
  }

  #encode(value: T): Uint8Array {
    const message = toBytes(value);
    const space = Ring.space(message.length);
    if (space <= this.bytes) return message;
    throw new RangeError(`a message of ${space} bytes, in a channel of ${this.bytes}`);
  }

  #block(line: Line, load: unknown, timeoutMs: number | undefined, entry: Entry): Turn | null {
    const now = this.#try(line, load, entry);
    if (now !== null) return now;
    const turn = new SharedWaiter<never>(this, line === this.#senders ? "send" : "receive", line, 0, load);
    const passed = line.block(turn, timeoutMs ?? Number.POSITIVE_INFINITY, entry);
    if (turn.error !== undefined) throw turn.error;
    return passed ? turn : null;
  }

  /** Sends or receives if that needs no waiting. */
  #try(line: Line, load: unknown, entry: Entry): Turn | null {
    this.lookAround();
    const waitFor = line === this.#senders ? "send" : "receive";
    const turn = new SharedWaiter<unknown>(this, waitFor, line, 0, load);
    if (line.awaited && !this.closed) return null;
    return this.#transfer(turn) ? this.#passed(turn, entry) : null;
  }

  #passed(turn: Turn, entry: Entry): Turn {
    if (turn.error !== undefined) throw turn.error;
    if (instrument !== null) {
      const received = turn.result as Received<T> | undefined;
      const event = turn.line === this.#senders ? "send" : received?.[1] ? "receive" : "receiveEnd";
      instrument.event(event, this, 0, entry);
    }
    return turn;
  }

  #transfer(turn: Turn): boolean {
    return turn.line === this.#senders ? this.#give(turn) : this.#take(turn);
  }

  #claimSend(turn: Turn): boolean {
    return (this.closed || this.#senders.isFirst) && this.#give(turn);
  }

  #claimReceive(turn: Turn): boolean {
    return ((this.closed && this.#ring.empty) || this.#receivers.isFirst) && this.#take(turn);
  }

  #give(turn: Turn): boolean {
    if (this.closed) {
      turn.error = misuse("sendOnClosed", this);
      return true;
    }
    if (!this.#ring.push(turn.load as Uint8Array)) return false;
    this.#receivers.callFirst();
    return true;
  }

  #take(turn: Turn): boolean {
    const { closed } = this;
    const message = this.#ring.pop();
    if (message === undefined) {
      // Asked before the ring: what was sent before the close has been seen.
      if (closed) turn.result = [undefined, false];
      return closed;
    }
    try {
      turn.result = [fromBytes(message), true];
      turn.ok = true;
    } catch (error) {
      turn.error = error;
    }
    this.#senders.callFirst();
    return true;
  }
}
