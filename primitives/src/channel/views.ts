import type { WaitOptions } from "../runtime/index.js";

/** Of types only: what looks like a channel and is none cannot stand in a select. */
export declare const genuine: unique symbol;

interface View {
  readonly [genuine]: true;
  readonly name: string;
  /** How many values it holds for which nobody waits yet; 0: a send waits for its receiver. */
  readonly capacity: number;
  /** How many values are in the buffer. */
  readonly length: number;
  readonly closed: boolean;
}

/**
 * A channel as those see it who only send (Go's `chan<- T`); closing it is theirs too. Every
 * {@link Channel} is one: as a parameter's type it says, and the compiler holds to it, which way the
 * values go. Where dogs are sent, a channel of animals will do, never the other way round.
 */
export interface SendChannel<in T> extends View {
  // Properties, not methods: the compiler compares what methods take both ways.
  /** See {@link Channel.send}. */
  readonly send: (value: T, options?: WaitOptions) => Promise<void>;
  /** See {@link Channel.trySend}. */
  readonly trySend: (value: T) => boolean;
  /** See {@link Channel.close}. */
  readonly close: () => void;
}

/**
 * A channel as those see it who only receive (Go's `<-chan T`). Every {@link Channel} is one; where
 * animals are expected, a channel of dogs will do.
 */
export interface ReceiveChannel<out T> extends View, AsyncIterable<T> {
  /** See {@link Channel.receive}. */
  receive(options?: WaitOptions): Promise<T | undefined>;
  /** See {@link Channel.receiveOk}. */
  receiveOk(options?: WaitOptions): Promise<[value: T | undefined, ok: boolean]>;
  /** See {@link Channel.tryReceive}. */
  tryReceive(): [value: T | undefined, ok: boolean] | undefined;
  /** See {@link Channel.values}. */
  values(options?: WaitOptions): AsyncIterableIterator<T, undefined>;
}
