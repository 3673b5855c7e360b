import type { Channel } from "../channel/channel.js";
import { CancelContext, type Child, contexts, type Ending } from "./cancel-context.js";
import { type Context, neverAborted, OwnContext } from "./context.js";
import { CanceledError, DeadlineExceededError } from "./errors.js";

/**
 * A context that ends when a signal aborts that is not ours. One listener, however many contexts hang
 * below it, and none while there are none: a signal may outlive a million of them.
 */
export class SignalContext extends CancelContext {
  readonly #signal: AbortSignal;
  /** Somebody has the channel: it must close though no context hangs below. */
  #shown = false;

  constructor(signal: AbortSignal) {
    super(null);
    this.#signal = signal;
  }

  override get signal(): AbortSignal {
    return this.#signal;
  }

  /** @internal */
  override get step(): string {
    return "FromSignal";
  }

  override get done(): Channel<never> {
    this.#shown = true;
    if (this.ending === null) this.#signal.addEventListener("abort", this.#follow);
    return super.done;
  }

  /** @internal Whoever asks before our listener was told finds it ended too. */
  override get ending(): Ending | null {
    this.#follow();
    return super.ending;
  }

  /** @internal */
  override adopt(child: Child): void {
    super.adopt(child);
    if (this.children === 1) this.#signal.addEventListener("abort", this.#follow);
  }

  /** @internal */
  override disown(child: Child): void {
    super.disown(child);
    if (this.children === 0 && !this.#shown) this.#signal.removeEventListener("abort", this.#follow);
  }

  readonly #follow = (): void => {
    if (this.#signal.aborted && super.ending === null) this.finish(endingOf(this.#signal.reason));
  };
}

function endingOf(reason: unknown): Ending {
  if (reason instanceof CanceledError || reason instanceof DeadlineExceededError) {
    return { err: reason, cause: reason };
  }
  const error = reason instanceof Error;
  const why = error && reason.name === "TimeoutError" ? DeadlineExceededError : CanceledError;
  const err = new why({ cause: reason });
  return { err, cause: error ? reason : err };
}

/**
 * The context that ends when `signal` aborts: with {@link DeadlineExceededError} if that was an
 * `AbortSignal.timeout`, else with {@link CanceledError}; the cause is the signal's reason. The same one
 * for the same signal. It needs no cancelling: it costs the signal a listener only while contexts
 * derived from it, or its `done`, are about.
 */
export function fromSignal(signal: AbortSignal): Context {
  let context = contexts.get(signal);
  if (context === undefined) {
    context = new SignalContext(signal);
    contexts.set(signal, context);
  }
  return context;
}

/** What ends `ctx`; null: it never ends. */
export function cancellerOf(ctx: Context): CancelContext | null {
  if (ctx instanceof OwnContext) return ctx.canceller;
  const { signal } = ctx;
  return signal === neverAborted() ? null : (fromSignal(signal) as CancelContext);
}
