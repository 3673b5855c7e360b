import { type Entry, fail, park, ready, Waiter } from "../runtime/index.js";

/** Waits for a promise of the program's own. */
class ExternalWaiter extends Waiter<unknown> {
  /** It has given up; what becomes of the promise is nothing to it. */
  gone = false;

  constructor() {
    super(null, "external");
  }

  override leave(): void {
    this.gone = true;
  }
}

/** What `promise` comes to, or the reason of `signal` if that aborts first. */
export function external<T>(
  promise: PromiseLike<T>,
  signal: AbortSignal | undefined,
  entry: Entry,
): Promise<T> {
  const waiter = new ExternalWaiter();
  promise.then(
    (value) => {
      if (!waiter.gone) ready(waiter, value);
    },
    (error: unknown) => {
      if (!waiter.gone) fail(waiter, error);
    },
  );
  // Not before: a failure of the promise that comes with the same abort is nobody's any more either.
  if (signal?.aborted) {
    waiter.leave();
    return Promise.reject(signal.reason);
  }
  return park(waiter, signal, entry) as Promise<T>;
}
