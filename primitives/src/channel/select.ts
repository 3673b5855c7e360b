import { choose, instrument, park, type WaitOptions } from "../runtime/index.js";
import {
  type ChannelCase,
  DefaultCase,
  ReceiveCase,
  type Result,
  type SelectCase,
  type SelectNode,
  SelectWaiter,
  SendCase,
} from "./cases.js";
import type { Channel } from "./channel.js";
import type { ReceiveChannel, SendChannel } from "./views.js";

/** Comes up when `ch` has a value for us or is closed (then `ok` is false). */
export function onReceive<T, R>(
  ch: ReceiveChannel<T>,
  then: (value: T | undefined, ok: boolean) => R | PromiseLike<R>,
): SelectCase<R> {
  return new ReceiveCase(ch as Channel<T>, then);
}

/** Comes up when `ch` takes `value`; on a closed channel it comes up too, and fails. */
export function onSend<T, R>(ch: SendChannel<T>, value: T, then: () => R | PromiseLike<R>): SelectCase<R> {
  return new SendCase(ch as Channel<T>, value, then);
}

/** Go's `default`: comes up when no other case can at once. */
export function otherwise<R>(then: () => R | PromiseLike<R>): SelectCase<R> {
  return new DefaultCase(then);
}

/**
 * Waits for one ready case, chosen at random among several; runs and returns its handler. Cases on
 * {@link Channel.nil} never come up; a select of none waits for ever.
 *
 * A case that is ready now goes ahead inside this call, its handler included, as a `select` in Go goes
 * on with the case's body. O(number of cases).
 *
 * @throws {SyncError} `send on closed channel` (as a rejection)
 */
export function select<R>(...cases: SelectCase<R>[]): Promise<R>;
export function select<R>(options: WaitOptions, ...cases: SelectCase<R>[]): Promise<R>;
export function select<R>(...args: (SelectCase<R> | WaitOptions)[]): Promise<R> {
  try {
    return selectAmong(args);
  } catch (error) {
    return Promise.reject(error);
  }
}

function selectAmong<R>(args: (SelectCase<R> | WaitOptions)[]): Promise<R> {
  let signal: AbortSignal | undefined;
  let fallback = -1;
  for (let at = 0; at < args.length; at++) {
    const arg = args[at];
    if (arg instanceof ReceiveCase || arg instanceof SendCase) continue;
    if (arg instanceof DefaultCase) {
      if (fallback >= 0) throw new TypeError("select: more than one otherwise()");
      fallback = at;
    } else {
      signal = (arg as WaitOptions).signal;
      args.splice(at--, 1);
    }
  }
  if (signal?.aborted) throw signal.reason;

  const cases = args as (ChannelCase<R> | DefaultCase<R>)[];
  const handler = attempt(cases);
  if (handler !== null) return run(handler);
  if (fallback >= 0) {
    if (instrument !== null) instrument.event("select", null, fallback, select);
    return run((cases[fallback] as DefaultCase<R>).handle);
  }
  return wait(cases as ChannelCase<R>[], signal);
}

/** Goes ahead with one of the ready cases; null when there is none. Each is as likely as the others. */
function attempt<R>(cases: (ChannelCase<R> | DefaultCase<R>)[]): (() => Result<R>) | null {
  for (;;) {
    let ready = 0;
    for (let at = 0; at < cases.length; at++) if (cases[at]!.ready) ready++;
    if (ready === 0) return null;
    let skip = ready === 1 ? 0 : choose(ready);
    let index = 0;
    while (!cases[index]!.ready || skip-- > 0) index++;
    const chosen = cases[index] as ChannelCase<R>;
    const handler = chosen.attempt(select);
    if (handler !== null) {
      if (instrument !== null) instrument.event("select", chosen.channel, index, select);
      return handler;
    }
    // Whoever waited on the other side has given up this very moment, and is gone: look again.
  }
}

function wait<R>(cases: ChannelCase<R>[], signal: AbortSignal | undefined): Promise<R> {
  const waiter = new SelectWaiter(cases);
  for (const node of queueingOrder(waiter.nodes)) if (!node.of.channel.isNil) node.of.enqueue(node);
  return park(waiter, signal, select).then(() => waiter.handle());
}

/** Of two cases on one channel, the first in its queue will come up: which one that is, chance decides. */
function queueingOrder<R>(nodes: readonly SelectNode<R>[]): readonly SelectNode<R>[] {
  return nodes.length > 8 || namesOneTwice(nodes) ? shuffled(nodes) : nodes;
}

function namesOneTwice<R>(nodes: readonly SelectNode<R>[]): boolean {
  for (let i = 1; i < nodes.length; i++) {
    for (let j = 0; j < i; j++) if (nodes[i]!.of.channel === nodes[j]!.of.channel) return true;
  }
  return false;
}

/** Fisher and Yates. */
function shuffled<T>(items: readonly T[]): T[] {
  const all = [...items];
  for (let left = all.length; left > 1; left--) {
    const at = choose(left);
    [all[at], all[left - 1]] = [all[left - 1]!, all[at]!];
  }
  return all;
}

function run<R>(handler: () => Result<R>): Promise<R> {
  return Promise.resolve(handler());
}
