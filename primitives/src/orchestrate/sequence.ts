import type { Context } from "../context/context.js";
import { count } from "../count.js";
import { yieldTurn } from "../runtime/index.js";
import { begin, Launched, type Work } from "./work.js";

/** All attempts of a {@link retry} have failed; `cause` is what the last one threw. */
export class MaxRetriesExceededError extends Error {
  static {
    MaxRetriesExceededError.prototype.name = "MaxRetriesExceededError";
  }

  constructor(attempts: number, cause: unknown) {
    super(`Max retries exceeded (${attempts === 1 ? "1 time" : `${attempts} times`}).`, { cause });
  }
}

/**
 * Runs `work` until it succeeds, `attempts` times at most; 0 means without end (gollback's and Hunch's
 * `Retry`). There is no pause between attempts, but each failure lets other tasks, timers and input have
 * their turn: `work` that fails at once does not keep its own deadline from coming.
 *
 * @throws {MaxRetriesExceededError} (as a rejection), whose cause is the last error
 * @throws the cause of `ctx` (as a rejection) when it ends first
 * @throws {RangeError} (as a rejection) unless `attempts` is a whole number from zero on
 */
export async function retry<T>(ctx: Context, attempts: number, work: Work<T>): Promise<T> {
  begin(ctx);
  const most = count(attempts, "retry");
  for (let made = 1; ; made++) {
    const outcome = await new Launched(ctx, [work], retry).next(ctx);
    if (outcome.ok) return outcome.value;
    if (made === most) throw new MaxRetriesExceededError(made, outcome.error);
    await yieldTurn(retry);
  }
}

/**
 * One after the other, each with the value of the one before (`undefined` for the first); the last value
 * (Hunch's `Waterfall`). `undefined` at once if there is no work.
 *
 * @throws the first error, or the cause of `ctx` when it ends first (as a rejection): then the rest is
 * not started
 */
export async function waterfall(
  ctx: Context,
  ...work: ((ctx: Context, previous: unknown) => unknown)[]
): Promise<unknown> {
  begin(ctx);
  let previous: unknown;
  for (const each of work) {
    // The task goes by the name of its work.
    const step = { [each.name]: (context: Context) => each(context, previous) }[each.name]!;
    ({ value: previous } = await new Launched(ctx, [step], waterfall).value(ctx));
  }
  return previous;
}
