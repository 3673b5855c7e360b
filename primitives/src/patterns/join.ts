import { Channel } from "../channel/channel.js";
import { onReceive, onSend, select } from "../channel/select.js";
import type { ReceiveChannel } from "../channel/views.js";
import type { Context } from "../context/context.js";
import { spawn } from "../runtime/index.js";
import { each, pipe, stage } from "./stage.js";

/**
 * Closed as soon as one of `channels` is, or has a value (which is lost); of none it is Go's nil channel.
 * For channels that say "done": those of contexts, say.
 */
export function or(...channels: ReceiveChannel<unknown>[]): Channel<never> {
  if (channels.length === 0) return Channel.nil();
  const out = new Channel<never>(0, { name: "or" });
  const wait = async () => {
    await select(...channels.map((channel) => onReceive(channel, () => {})));
    out.close();
  };
  spawn(wait, { name: "or" }, or);
  return out;
}

/** The values of `ch`, until it is closed or `ctx` ends: a loop over it needs no select. */
export function orDone<T>(ctx: Context, ch: ReceiveChannel<T>): Channel<T> {
  return pipe<T>(ctx, orDone, (out, lasting) => each(ch, lasting, (value) => out.send(value, lasting)));
}

/** The values of all `channels`, as they come; closed when all are. */
export function fanIn<T>(ctx: Context, ...channels: ReceiveChannel<T>[]): Channel<T> {
  return pipe<T>(ctx, fanIn, async (out, lasting) => {
    await Promise.all(channels.map((ch) => each(ch, lasting, (value) => out.send(value, lasting))));
  });
}

/**
 * `n` channels, to one of which each value goes: to one that somebody receives from, so that who is slow
 * or has stopped holds up nobody.
 *
 * @throws {RangeError} unless `n` is a whole number from one on
 */
export function fanOut<T>(ctx: Context, ch: ReceiveChannel<T>, n: number): Channel<T>[] {
  if (!Number.isSafeInteger(n) || n < 1) throw new RangeError(`fanOut: not a number of channels: ${n}`);
  const outs = Array.from({ length: n }, (_, i) => new Channel<T>(0, { name: `fanOut ${i + 1}` }));
  stage(ctx, fanOut, outs, (lasting) =>
    each(ch, lasting, (value) => select(lasting ?? {}, ...outs.map((out) => onSend(out, value, () => {})))),
  );
  return outs;
}

/** Two channels to both of which each value goes. The slower one sets the pace. */
export function tee<T>(ctx: Context, ch: ReceiveChannel<T>): [Channel<T>, Channel<T>] {
  const outs: [Channel<T>, Channel<T>] = [
    new Channel<T>(0, { name: "tee 1" }),
    new Channel<T>(0, { name: "tee 2" }),
  ];
  stage(ctx, tee, outs, (lasting) =>
    each(ch, lasting, (value) => Promise.all(outs.map((out) => out.send(value, lasting)))),
  );
  return outs;
}

/** The values of one channel after the other. */
export function bridge<T>(ctx: Context, channels: ReceiveChannel<ReceiveChannel<T>>): Channel<T> {
  return pipe<T>(ctx, bridge, (out, lasting) =>
    each(channels, lasting, (ch) => each(ch, lasting, (value) => out.send(value, lasting))),
  );
}
