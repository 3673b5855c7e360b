/** Whether `value` is to be awaited. */
export function isThenable<T>(value: T | PromiseLike<T>): value is PromiseLike<T> {
  return typeof (value as PromiseLike<T> | null | undefined)?.then === "function";
}

/**
 * Runs `fn` and tells what came of it: within this call if it ends within it, so that nobody comes in
 * between, else when its promise settles.
 */
export function runThen<T>(
  fn: () => T | PromiseLike<T>,
  done: (value: T) => void,
  failed: (error: unknown) => void,
): void {
  let result: T | PromiseLike<T>;
  try {
    result = fn();
    if (isThenable(result)) {
      Promise.resolve(result).then(done, failed);
      return;
    }
  } catch (error) {
    failed(error);
    return;
  }
  done(result);
}
