import {
  cancel,
  fail,
  leaveQueue,
  type QueueNode,
  type Resource,
  ready,
  type TaskRecord,
  type Waiter,
} from "../runtime/index.js";

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

/** What a receive makes of its outcome: the value, the pair, an iterator's step. */
export type Shape<T, R> = (value: T | undefined, ok: boolean) => R;

/**
 * A parked send or receive. A {@link Waiter} by its members only: an object of a derived class takes so
 * much longer to make that values would go a seventh slower from task to task.
 */
export class ChannelWaiter<T, R> implements Waiter<R>, Sender<T>, Receiver<T> {
  prev: QueueNode | null = null;
  next: QueueNode | null = null;
  queue: object | null = null;
  signal: AbortSignal | null = null;
  task: TaskRecord | null = null;
  notes: unknown = undefined;
  resolve!: (value: R) => void;
  reject!: (reason: unknown) => void;
  /** Whether what a receive got was a value. */
  ok = true;

  constructor(
    readonly resource: Resource,
    readonly waitFor: "send" | "receive",
    /** What a send offers; a receive has none. */
    readonly value: T,
    readonly shape: Shape<T, R>,
  ) {}

  get aborted(): boolean {
    return this.signal?.aborted === true;
  }

  cancel(): void {
    cancel(this);
  }

  leave(): void {
    leaveQueue(this);
  }

  sent(): void {
    ready(this, this.shape(undefined, true));
  }

  refused(error: Error): void {
    fail(this, error);
  }

  received(value: T | undefined, ok: boolean): void {
    this.ok = ok;
    ready(this, this.shape(value, ok));
  }
}
