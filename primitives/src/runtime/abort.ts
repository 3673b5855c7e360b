import type { Waiter } from "./waiter.js";

/**
 * One listener a signal, however many wait on it: adding a listener to a signal takes time in
 * proportion to those it has, so ten thousand waiters with a listener each would cost seconds, and
 * Node warns from the eleventh on. A set keeps the order of arrival and forgets in O(1).
 */
const watched = new WeakMap<AbortSignal, Set<Waiter<never>>>();

/** Who wants to know whether anybody waits on a signal; see {@link onWatched}. */
const audiences = new WeakMap<AbortSignal, (watched: boolean) => void>();

/** Calls `fn` whenever somebody begins to wait on `signal`, and when nobody does any more. */
export function onWatched(signal: AbortSignal, fn: (watched: boolean) => void): void {
  audiences.set(signal, fn);
}

/** `waiter` gives up when `signal` aborts. */
export function watch<T>(signal: AbortSignal, waiter: Waiter<T>): void {
  waiter.signal = signal;
  let waiters = watched.get(signal);
  if (waiters === undefined) {
    waiters = new Set();
    watched.set(signal, waiters);
    signal.addEventListener("abort", onAbort);
    audiences.get(signal)?.(true);
  }
  waiters.add(waiter);
}

/** The last one to leave takes the listener along: a listener keeps its signal from being collected. */
export function unwatch<T>(signal: AbortSignal, waiter: Waiter<T>): void {
  const waiters = watched.get(signal);
  if (waiters === undefined) return;
  waiters.delete(waiter);
  if (waiters.size > 0) return;
  watched.delete(signal);
  signal.removeEventListener("abort", onAbort);
  audiences.get(signal)?.(false);
}

function onAbort(this: AbortSignal): void {
  const waiters = watched.get(this);
  if (waiters === undefined) return;
  // All leave before anybody is told of it: what one of them frees must not go to another of them.
  const left = new Set<{ waiterLeft?(): void }>();
  for (const waiter of waiters) {
    if (waiter.resource !== null) left.add(waiter.resource);
    waiter.cancel();
  }
  for (const resource of left) resource.waiterLeft?.();
}
