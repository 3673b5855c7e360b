import { spawn } from "../runtime/index.js";
import type { CancelContext, Child } from "./cancel-context.js";
import type { Context } from "./context.js";
import { cancellerOf } from "./signal-context.js";

/** Work that starts when a context ends. */
class AfterFunc implements Child {
  #fn: (() => unknown) | null;
  #source: CancelContext | null = null;

  constructor(fn: () => unknown) {
    this.#fn = fn;
  }

  follow(source: CancelContext): void {
    this.#source = source;
    source.adopt(this);
  }

  end(): null {
    const fn = this.#fn;
    this.#fn = this.#source = null;
    if (fn !== null) spawn(fn, undefined, afterFunc);
    return null;
  }

  stop(): boolean {
    if (this.#fn === null) return false;
    this.#source?.disown(this);
    this.#fn = this.#source = null;
    return true;
  }
}

/**
 * Runs `fn` in a task of its own once `ctx` has ended; if it has, now. Returns a function that calls it
 * off: true if that was in time, false if `fn` was started or called off before.
 *
 * As Go's `context.AfterFunc`; what `fn` throws ends the process, as a panic of any task does.
 */
export function afterFunc(ctx: Context, fn: () => unknown): () => boolean {
  const after = new AfterFunc(fn);
  const source = cancellerOf(ctx);
  if (source !== null) {
    if (source.ending !== null) after.end();
    else after.follow(source);
  }
  return () => after.stop();
}
