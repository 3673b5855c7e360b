import { fail, type QueueNode, type Resource, ready, Waiter } from "../runtime/index.js";

/** Somebody who stands in a channel's queue with a value to give: a send, or a case of a select. */
export interface Sender<T> extends QueueNode {
  readonly value: T;
  /** The value was taken. */
  sent(): void;
  /** The channel was closed. */
  refused(error: Error): void;
}

/** Somebody who stands in a channel's queue for a value: a receive, or a case of a select. */
export interface Receiver<T> extends QueueNode {
  /** `ok` is false when there will be no value: the channel is closed. */
  received(value: T | undefined, ok: boolean): void;
}

export class SendWaiter<T> extends Waiter implements Sender<T> {
  constructor(
    channel: Resource,
    readonly value: T,
  ) {
    super(channel, "send");
  }

  sent(): void {
    ready(this, undefined);
  }

  refused(error: Error): void {
    fail(this, error);
  }
}

/** What a receive makes of its outcome: the value, the pair, an iterator's step. */
export type Shape<T, R> = (value: T | undefined, ok: boolean) => R;

export class ReceiveWaiter<T, R> extends Waiter<R> implements Receiver<T> {
  /** Whether what it got was a value. */
  ok = true;
  readonly #shape: Shape<T, R>;

  constructor(channel: Resource, shape: Shape<T, R>) {
    super(channel, "receive");
    this.#shape = shape;
  }

  received(value: T | undefined, ok: boolean): void {
    this.ok = ok;
    ready(this, this.#shape(value, ok));
  }
}
