import { misuse } from "../misuse.js";
import { type Entry, fail, leaveQueue, type QueueNode, ready, Waiter } from "../runtime/index.js";
import { type Channel, ended, nothing } from "./channel.js";
import type { Receiver, Sender } from "./waiters.js";

export type Result<R> = R | PromiseLike<R>;

/** One case of a `select`; made by `onReceive`, `onSend` and `otherwise`. */
export type SelectCase<R> = { readonly __case: R };

/** A case that waits for a channel. */
export interface ChannelCase<R> extends SelectCase<R> {
  readonly channel: Channel<unknown>;
  readonly direction: "send" | "receive";
  /** What a send offers. */
  readonly value: unknown;
  /** Whether it could go ahead now. */
  readonly ready: boolean;
  /** Goes ahead if that needs no waiting, and returns what is left to do: to run the handler. */
  attempt(entry: Entry): (() => Result<R>) | null;
  enqueue(node: SelectNode<R>): void;
  /** Runs the handler; the arguments are what was received. */
  handle(value: unknown, ok: boolean): Result<R>;
}

export class ReceiveCase<T, R> implements ChannelCase<R> {
  declare readonly __case: R;
  readonly #then: (value: T | undefined, ok: boolean) => Result<R>;

  constructor(
    readonly channel: Channel<T>,
    then: (value: T | undefined, ok: boolean) => Result<R>,
  ) {
    this.#then = then;
  }

  get direction(): "receive" {
    return "receive";
  }

  get value(): undefined {
    return undefined;
  }

  get ready(): boolean {
    return this.channel.canReceive;
  }

  attempt(entry: Entry): (() => Result<R>) | null {
    const found = this.channel.find(entry);
    if (found === nothing) return null;
    return found === ended ? () => this.#then(undefined, false) : () => this.#then(found, true);
  }

  enqueue(node: SelectNode<R>): void {
    this.channel.receivers.push(node);
  }

  handle(value: unknown, ok: boolean): Result<R> {
    return this.#then(value as T | undefined, ok);
  }
}

export class SendCase<T, R> implements ChannelCase<R> {
  declare readonly __case: R;
  readonly #then: () => Result<R>;

  constructor(
    readonly channel: Channel<T>,
    readonly value: T,
    then: () => Result<R>,
  ) {
    this.#then = then;
  }

  get direction(): "send" {
    return "send";
  }

  get ready(): boolean {
    return this.channel.canSend;
  }

  attempt(entry: Entry): (() => Result<R>) | null {
    if (this.channel.closed) throw misuse("sendOnClosed", this.channel);
    return this.channel.give(this.value, entry) ? this.#then : null;
  }

  enqueue(node: SelectNode<R>): void {
    (this.channel as Channel<unknown>).senders.push(node);
  }

  handle(): Result<R> {
    return this.#then();
  }
}

export class DefaultCase<R> implements SelectCase<R> {
  declare readonly __case: R;

  constructor(readonly handle: () => Result<R>) {}

  /** Never by itself: it comes up when nothing else does. */
  get ready(): false {
    return false;
  }
}

/**
 * A parked select. It stands in the queue of every one of its channels; the first that comes up takes
 * it out of all others on the spot, so no channel ever finds a node whose select has gone on.
 */
export class SelectWaiter<R> extends Waiter {
  readonly nodes: readonly SelectNode<R>[];
  /** The node that came up. */
  fired: SelectNode<R> | null = null;
  /** What it received, if it did. */
  received: unknown = undefined;
  /** Whether a receive got a value. */
  ok = false;

  constructor(cases: readonly ChannelCase<R>[]) {
    super(null, "select");
    const nodes = new Array<SelectNode<R>>(cases.length);
    for (let index = 0; index < cases.length; index++)
      nodes[index] = new SelectNode(this, cases[index]!, index);
    this.nodes = nodes;
  }

  /** Runs the handler of the case that came up. */
  handle(): Result<R> {
    return this.fired!.of.handle(this.received, this.ok);
  }

  override leave(): void {
    const { nodes } = this;
    for (let index = 0; index < nodes.length; index++) leaveQueue(nodes[index]!);
  }
}

/** The place of a select in the queue of one of its channels. */
export class SelectNode<R> implements Sender<unknown>, Receiver<unknown> {
  prev: QueueNode | null = null;
  next: QueueNode | null = null;
  queue: object | null = null;

  constructor(
    readonly select: SelectWaiter<R>,
    readonly of: ChannelCase<R>,
    /** Which case of the select it is. */
    readonly index: number,
  ) {}

  get value(): unknown {
    return this.of.value;
  }

  get aborted(): boolean {
    return this.select.aborted;
  }

  cancel(): void {
    this.select.cancel();
  }

  sent(): void {
    this.#fire();
    ready(this.select, undefined);
  }

  received(value: unknown, ok: boolean): void {
    this.select.received = value;
    this.select.ok = ok;
    this.#fire();
    ready(this.select, undefined);
  }

  refused(error: Error): void {
    this.#fire();
    fail(this.select, error);
  }

  #fire(): void {
    this.select.leave();
    this.select.fired = this;
  }
}
