import { Once } from "./once.js";
import type { WaitOptions } from "./runtime/index.js";

/**
 * A function that runs `fn` at its first call and never again (Go's `sync.OnceFunc`). If `fn` threw, every
 * call rejects with the very thing it threw, be it `undefined`. `fn` is let go of once it has run.
 */
export function onceFunc(fn: () => unknown): (options?: WaitOptions) => Promise<void> {
  return remembered(fn, () => {});
}

/** As {@link onceFunc}; every call returns what `fn` returned (Go's `sync.OnceValue`). */
export function onceValue<T>(fn: () => T | PromiseLike<T>): (options?: WaitOptions) => Promise<T> {
  return remembered(fn, (value) => value);
}

/** As {@link onceValue} for several values at once (Go's `sync.OnceValues`): `fn` returns a tuple. */
export function onceValues<T extends readonly unknown[] | []>(
  fn: () => T | PromiseLike<T>,
): (options?: WaitOptions) => Promise<T> {
  return remembered(fn, (values) => values);
}

/** How the one run ended: an object, since any value can be thrown. */
type Outcome<R> = { readonly value: Promise<R> } | { readonly error: unknown };

function remembered<T, R>(
  fn: () => T | PromiseLike<T>,
  keep: (value: T) => R,
): (options?: WaitOptions) => Promise<R> {
  const once = new Once(fn.name === "" ? undefined : { name: fn.name });
  let pending: (() => T | PromiseLike<T>) | null = fn;
  let outcome: Outcome<R> | null = null;

  const run = async () => {
    const call = pending!;
    pending = null;
    try {
      outcome = { value: Promise.resolve(keep(await call())) };
    } catch (error) {
      outcome = { error };
    }
  };
  // Each call that fails has a rejection of its own: one that was handled must not silence the others.
  const look = (): Promise<R> => ("value" in outcome! ? outcome.value : Promise.reject(outcome!.error));

  return (options) => {
    if (outcome !== null && options === undefined) return look();
    return once.do(run, options).then(look);
  };
}
