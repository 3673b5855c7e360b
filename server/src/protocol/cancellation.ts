import type { CancellationToken } from "vscode-languageserver/node";

/** Nobody wants the result any more: not a failure, never logged. */
export class Cancelled extends Error {
  constructor() {
    super("cancelled");
    this.name = "Cancelled";
  }
}

/** The analyzer knows nothing of LSP: a request's token becomes an AbortSignal, which everything below takes. */
export function signalOf(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort(new Cancelled());
  else token.onCancellationRequested(() => controller.abort(new Cancelled()));
  return controller.signal;
}

/** Rejects with the signal's reason as soon as it aborts; the promise itself goes on unseen. */
export function abortable<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    if (signal.aborted) return abort();
    signal.addEventListener("abort", abort, { once: true });
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}
