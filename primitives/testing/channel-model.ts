/** What a channel does, in the simplest words: arrays, and a map of what each call came to. */

export type Got = [value: number | undefined, ok: boolean];

/** An operation of a call that waits: a send, a receive, or one case of a select. */
interface Wait {
  readonly call: number;
  readonly value: number;
  /** What its call comes to. */
  outcome(got: Got): unknown;
}

export interface Case {
  readonly channel: ModelChannel;
  readonly send: boolean;
  readonly value: number;
  outcome(got: Got): unknown;
}

export const sendOnClosed = "send on closed channel";

export class ModelChannel {
  readonly buffer: number[] = [];
  senders: Wait[] = [];
  receivers: Wait[] = [];
  closed = false;

  constructor(
    readonly capacity: number,
    readonly isNil = false,
  ) {}

  get canSend(): boolean {
    return !this.isNil && (this.closed || this.receivers.length > 0 || this.buffer.length < this.capacity);
  }

  get canReceive(): boolean {
    return !this.isNil && (this.closed || this.buffer.length > 0 || this.senders.length > 0);
  }
}

/** A world of channels and of the calls that use them. */
export class ChannelModel {
  /** What each call came to; those that wait have none. */
  readonly outcomes = new Map<number, unknown>();

  constructor(readonly channels: readonly ModelChannel[]) {}

  /** Goes ahead with a send that {@link ModelChannel.canSend}. */
  send(channel: ModelChannel, value: number): typeof sendOnClosed | undefined {
    if (channel.closed) return sendOnClosed;
    const receiver = channel.receivers[0];
    if (receiver !== undefined) this.#goOn(receiver, [value, true]);
    else channel.buffer.push(value);
    return undefined;
  }

  /** Goes ahead with a receive that {@link ModelChannel.canReceive}. */
  receive(channel: ModelChannel): Got {
    const sender = channel.senders[0];
    if (sender !== undefined) {
      channel.buffer.push(sender.value);
      this.#goOn(sender, [undefined, true]);
    }
    const value = channel.buffer.shift();
    return [value, value !== undefined];
  }

  close(channel: ModelChannel): void {
    channel.closed = true;
    while (channel.receivers.length > 0) this.#goOn(channel.receivers[0]!, [undefined, false]);
    while (channel.senders.length > 0) this.settle(channel.senders[0]!.call, sendOnClosed);
  }

  /** `call` waits for the first of `cases` that comes up. */
  wait(call: number, cases: readonly Case[]): void {
    for (const { channel, send, value, outcome } of cases) {
      if (!channel.isNil) (send ? channel.senders : channel.receivers).push({ call, value, outcome });
    }
  }

  /** `call` has come to `outcome`, and waits nowhere any more. */
  settle(call: number, outcome: unknown): void {
    this.outcomes.set(call, outcome);
    for (const channel of this.channels) {
      channel.senders = channel.senders.filter((wait) => wait.call !== call);
      channel.receivers = channel.receivers.filter((wait) => wait.call !== call);
    }
  }

  #goOn(wait: Wait, got: Got): void {
    this.settle(wait.call, wait.outcome(got));
  }
}
