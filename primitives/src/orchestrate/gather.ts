import type { Context } from "../context/context.js";
import { count } from "../count.js";
import { syncError } from "../misuse.js";
import { below, Launched, needed, type Work } from "./work.js";

/**
 * Starts all and waits for all, errors and all (gollback's `All`). The outcomes are in the order of the
 * work. Never rejects for what the work throws, nor because `ctx` ends: it is for the work to heed that.
 */
export async function settle<T>(ctx: Context, ...work: Work<T>[]): Promise<PromiseSettledResult<T>[]> {
  needed(ctx);
  const results = new Array<PromiseSettledResult<T>>(work.length);
  const launched = new Launched(ctx, work, settle);
  while (launched.left > 0) {
    const outcome = await launched.next();
    results[outcome.index] = outcome.ok
      ? { status: "fulfilled", value: outcome.value }
      : { status: "rejected", reason: outcome.error };
  }
  return results;
}

/**
 * The first success wins and cancels the rest; when all fail, rejects with the last error (gollback's
 * `Race`).
 *
 * @throws the cause of `ctx` (as a rejection) when it ends first
 * @throws {SyncError} (as a rejection) `no callback to run`
 */
export function race<T>(ctx: Context, ...work: Work<T>[]): Promise<T> {
  return below(ctx, async (child) => {
    const launched = new Launched(child, work, race);
    let error: unknown = syncError("nothing-to-run", "no callback to run");
    while (launched.left > 0) {
      const outcome = await launched.next(ctx);
      if (outcome.ok) return outcome.value;
      error = outcome.error;
    }
    throw error;
  });
}

/**
 * Waits for all; the first error cancels the rest (Hunch's `All`). The values are in the order of the
 * work; there are none at once if there is no work.
 *
 * @throws the first error, or the cause of `ctx` when it ends first (as a rejection)
 */
export function all<T>(ctx: Context, ...work: Work<T>[]): Promise<T[]> {
  return below(ctx, async (child) => {
    const values = new Array<T>(work.length);
    const launched = new Launched(child, work, all);
    while (launched.left > 0) {
      const { index, value } = await launched.value(ctx);
      values[index] = value;
    }
    return values;
  });
}

/**
 * The first `n` values in order of completion, or all if there are fewer; the rest is cancelled (Hunch's
 * `Take`). Of none of them nothing is started.
 *
 * @throws an error that comes before (as a rejection), which cancels the rest, or the cause of `ctx`
 * @throws {RangeError} (as a rejection) unless `n` is a whole number from zero on
 */
export function take<T>(ctx: Context, n: number, ...work: Work<T>[]): Promise<T[]> {
  return below(ctx, async (child) => {
    const values: T[] = [];
    if (count(n, "take") === 0) return values;
    const launched = new Launched(child, work, take);
    while (launched.left > 0 && values.length < n) values.push((await launched.value(ctx)).value);
    return values;
  });
}

/**
 * Waits for all; the last `n` values in order of completion, or all if there are fewer (Hunch's `Last`).
 * The first error cancels the rest.
 *
 * @throws the first error, or the cause of `ctx` when it ends first (as a rejection)
 * @throws {RangeError} (as a rejection) unless `n` is a whole number from zero on
 */
export function last<T>(ctx: Context, n: number, ...work: Work<T>[]): Promise<T[]> {
  return below(ctx, async (child) => {
    count(n, "last");
    const values: T[] = [];
    const launched = new Launched(child, work, last);
    while (launched.left > 0) values.push((await launched.value(ctx)).value);
    return values.slice(Math.max(0, values.length - n));
  });
}
