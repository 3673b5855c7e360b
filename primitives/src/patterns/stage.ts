import { Channel } from "../channel/channel.js";
import type { ReceiveChannel } from "../channel/views.js";
import type { Context } from "../context/context.js";
import { cancellerOf } from "../context/signal-context.js";
import { type Entry, spawn, type WaitOptions } from "../runtime/index.js";

/**
 * How long a stage waits for its neighbours: as long as its context lasts. Of a context that never ends
 * it takes no signal, for that would remember every wait: so when nobody has the channels any more,
 * the stage is collected with them.
 */
export type Until = WaitOptions | undefined;

/** As long as `ctx` lasts. */
export function until(ctx: Context): Until {
  return cancellerOf(ctx) === null ? undefined : ctx;
}

/**
 * A task that sends on channels of its own, which it closes when it ends: because its work is done, or
 * because its context has ended. What else `work` throws is a panic of the task.
 */
export function stage<T>(
  ctx: Context,
  entry: Entry,
  outs: readonly Channel<T>[],
  work: (lasting: Until) => Promise<void>,
): void {
  const lasting = until(ctx);
  const run = async () => {
    try {
      if (!lasting?.signal?.aborted) await work(lasting);
    } catch (error) {
      if (!endedWith(lasting, error)) throw error;
    } finally {
      for (const out of outs) if (!out.closed) out.close();
    }
  };
  spawn(run, { name: entry.name }, entry);
}

function endedWith(lasting: Until, error: unknown): boolean {
  return lasting?.signal?.aborted === true && lasting.signal.reason === error;
}

/** A stage with one channel. */
export function pipe<T>(
  ctx: Context,
  entry: Entry,
  work: (out: Channel<T>, lasting: Until) => Promise<void>,
): Channel<T> {
  const out = new Channel<T>(0, { name: entry.name });
  stage(ctx, entry, [out], (lasting) => work(out, lasting));
  return out;
}

/**
 * Calls `use` with each value of `ch` as it comes, one after the other, until it is closed or `use`
 * returns false, or a promise of it.
 */
export async function each<T>(
  ch: ReceiveChannel<T>,
  lasting: Until,
  use: (value: T) => Promise<unknown> | boolean,
): Promise<void> {
  for (;;) {
    const [value, ok] = await ch.receiveOk(lasting);
    if (!ok) return;
    const using = use(value as T);
    if ((typeof using === "boolean" ? using : await using) === false) return;
  }
}
