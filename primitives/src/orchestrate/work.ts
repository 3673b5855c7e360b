import { asError } from "../as-error.js";
import { Channel } from "../channel/channel.js";
import type { Context } from "../context/context.js";
import { withCancelCause } from "../context/derive.js";
import { syncError } from "../misuse.js";
import { type Entry, spawn } from "../runtime/index.js";

/** A piece of work. It must heed its context: when that ends, nobody waits for the work any more. */
export type Work<T> = (ctx: Context) => T | PromiseLike<T>;

/** How the piece of work at `index` ended. */
export type Outcome<T> =
  | { readonly index: number; readonly ok: true; readonly value: T }
  | { readonly index: number; readonly ok: false; readonly error: unknown };

/** Work that has been started, and what has come of it so far. */
export class Launched<T> {
  readonly #outcomes: Channel<Outcome<T>>;
  /** How many outcomes are still to be asked for. */
  left: number;

  /** Starts each piece of `work` as a task on `ctx`. */
  constructor(ctx: Context, work: readonly Work<T>[], entry: Entry) {
    this.left = work.length;
    // As much room as there are outcomes: nobody who has ended waits for us.
    this.#outcomes = new Channel(work.length, { name: entry.name });
    for (const [index, each] of work.entries()) {
      const run = async () => {
        this.#outcomes.trySend(await outcomeOf(index, each, ctx));
      };
      spawn(run, { name: each.name }, entry);
    }
  }

  /** The next to end; rejects with the cause of `ctx` when that ends first. */
  async next(ctx?: Context): Promise<Outcome<T>> {
    const [outcome] = await this.#outcomes.receiveOk(ctx);
    this.left--;
    return outcome!;
  }

  /** The value of the next to end; rejects with its error, if it failed. */
  async value(ctx: Context): Promise<{ readonly index: number; readonly value: T }> {
    const outcome = await this.next(ctx);
    if (!outcome.ok) throw outcome.error;
    return outcome;
  }
}

async function outcomeOf<T>(index: number, work: Work<T>, ctx: Context): Promise<Outcome<T>> {
  try {
    return { index, ok: true, value: await work(ctx) };
  } catch (error) {
    return { index, ok: false, error };
  }
}

/**
 * Runs `body` on a context below `ctx` that ends when `body` does: with what it threw as cause, or with
 * none. Does not begin when `ctx` has ended.
 */
export async function below<R>(ctx: Context, body: (child: Context) => Promise<R>): Promise<R> {
  begin(ctx);
  const [child, cancel] = withCancelCause(ctx);
  try {
    const result = await body(child);
    cancel();
    return result;
  } catch (error) {
    cancel(asError(error));
    throw error;
  }
}

/**
 * @throws the cause of `ctx`, when it has ended
 * @throws {SyncError} `nil context provided`
 */
export function begin(ctx: Context): void {
  needed(ctx);
  if (ctx.signal.aborted) throw ctx.signal.reason;
}

/** TypeScript sees to it; a program in JavaScript learns it here. */
export function needed(ctx: Context | null | undefined): void {
  if (ctx === null || ctx === undefined) throw syncError("context-parent", "nil context provided");
}
