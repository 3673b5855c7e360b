import type { Channel } from "../channel/channel.js";
import type { ReceiveChannel } from "../channel/views.js";
import type { Context } from "../context/context.js";
import { count } from "../count.js";
import { isThenable } from "../runtime/index.js";
import { external } from "./external.js";
import { each, pipe, type Until, until } from "./stage.js";

/**
 * Sends `values` one by one. An iterator that is not at its end is told when `ctx` ends (its `return`, as
 * when a loop is left), and not waited for.
 */
export function stream<T>(ctx: Context, values: Iterable<T> | AsyncIterable<T>): Channel<T> {
  return pipe<T>(ctx, stream, async (out, lasting) => {
    const iterator = (values as Partial<AsyncIterable<T>>)[Symbol.asyncIterator]?.();
    if (iterator !== undefined) await sendAll(iterator, out, lasting);
    else for (const value of values as Iterable<T>) await out.send(value, lasting);
  });
}

async function sendAll<T>(values: AsyncIterator<T>, out: Channel<T>, lasting: Until): Promise<void> {
  try {
    for (;;) {
      const { done, value } = await external(values.next(), lasting?.signal, stream);
      if (done) return;
      await out.send(value, lasting);
    }
  } catch (error) {
    // Not awaited: a generator that waits for something comes to this only afterwards.
    if (lasting?.signal?.aborted) void values.return?.();
    throw error;
  }
}

/**
 * The first `n` values; takes no more than that.
 *
 * @throws {RangeError} unless `n` is a whole number from zero on, or infinite
 */
export function take<T>(ctx: Context, ch: ReceiveChannel<T>, n: number): Channel<T> {
  let left = count(n, "take");
  return pipe<T>(ctx, take, async (out, lasting) => {
    if (left === 0) return;
    await each(ch, lasting, async (value) => {
      await out.send(value, lasting);
      return --left > 0;
    });
  });
}

/** The values up to the first for which `keep` is false; that one is lost. */
export function takeWhile<T>(ctx: Context, ch: ReceiveChannel<T>, keep: (value: T) => boolean): Channel<T> {
  return pipe<T>(ctx, takeWhile, (out, lasting) =>
    each(ch, lasting, (value) => keep(value) && out.send(value, lasting)),
  );
}

/**
 * The values after the first `n`.
 *
 * @throws {RangeError} unless `n` is a whole number from zero on, or infinite
 */
export function skip<T>(ctx: Context, ch: ReceiveChannel<T>, n: number): Channel<T> {
  let left = count(n, "skip");
  return pipe<T>(ctx, skip, (out, lasting) =>
    each(ch, lasting, (value) => left-- > 0 || out.send(value, lasting)),
  );
}

/** The values from the first on for which `drop` is false. */
export function skipWhile<T>(ctx: Context, ch: ReceiveChannel<T>, drop: (value: T) => boolean): Channel<T> {
  let dropping = true;
  return pipe<T>(ctx, skipWhile, (out, lasting) =>
    each(ch, lasting, (value) => {
      dropping &&= drop(value);
      return dropping || out.send(value, lasting);
    }),
  );
}

/** What `fn` makes of each value, in their order: the next is fetched when the one before has been taken. */
export function map<T, U>(
  ctx: Context,
  ch: ReceiveChannel<T>,
  fn: (value: T) => U | PromiseLike<U>,
): Channel<U> {
  return pipe<U>(ctx, map, (out, lasting) =>
    each(ch, lasting, async (value) => {
      const made = fn(value);
      await out.send(isThenable(made) ? await external(made, lasting?.signal, map) : made, lasting);
    }),
  );
}

/** The values for which `fn` is true. */
export function filter<T>(ctx: Context, ch: ReceiveChannel<T>, fn: (value: T) => boolean): Channel<T> {
  return pipe<T>(ctx, filter, (out, lasting) =>
    each(ch, lasting, (value) => !fn(value) || out.send(value, lasting)),
  );
}

/**
 * What `fn` makes of all values, one after the other, beginning with `init`.
 *
 * @throws the cause of `ctx` (as a rejection) when it ends first
 */
export async function reduce<T, A>(
  ctx: Context,
  ch: ReceiveChannel<T>,
  fn: (acc: A, value: T) => A,
  init: A,
): Promise<A> {
  let acc = init;
  await each(ch, until(ctx), (value) => {
    acc = fn(acc, value);
    return true;
  });
  return acc;
}
