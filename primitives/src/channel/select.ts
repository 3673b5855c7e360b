import { choose, instrument, park, type WaitOptions } from "../runtime/index.js";
import {
  type ChannelCase,
  DefaultCase,
  ReceiveCase,
  type Result,
  type SelectCase,
  SelectNode,
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
  const cases: (ChannelCase<R> | DefaultCase<R>)[] = [];
  let signal: AbortSignal | undefined;
  let fallback = -1;
  for (const arg of args) {
    if (arg instanceof DefaultCase) {
      if (fallback >= 0) throw new TypeError("select: more than one otherwise()");
      fallback = cases.push(arg) - 1;
    } else if (arg instanceof ReceiveCase || arg instanceof SendCase) cases.push(arg);
    else signal = (arg as WaitOptions).signal;
  }
  if (signal?.aborted) throw signal.reason;

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
  const candidates: number[] = [];
  for (let index = 0; index < cases.length; index++) {
    const each = cases[index]!;
    if (!(each instanceof DefaultCase) && each.ready) candidates.push(index);
  }
  while (candidates.length > 0) {
    const at = candidates.length === 1 ? 0 : choose(candidates.length);
    const index = candidates[at]!;
    const chosen = cases[index] as ChannelCase<R>;
    const handler = chosen.attempt(select);
    if (handler !== null) {
      if (instrument !== null) instrument.event("select", chosen.channel, index, select);
      return handler;
    }
    // Whoever waited on the other side has given up this very moment.
    candidates.splice(at, 1);
  }
  return null;
}

function wait<R>(cases: ChannelCase<R>[], signal: AbortSignal | undefined): Promise<R> {
  const waiter = new SelectWaiter<R>();
  for (let index = 0; index < cases.length; index++) {
    waiter.nodes.push(new SelectNode(waiter, cases[index]!, index));
  }
  // In random order: of two cases on one channel, the first in its queue will come up.
  for (const node of shuffled(waiter.nodes)) if (!node.of.channel.isNil) node.of.enqueue(node);
  return park(waiter, signal, select).then((node) => node.handle());
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
