/** Why a context ended: it was cancelled (Go's `context.Canceled`). */
export class CanceledError extends Error {
  static {
    CanceledError.prototype.name = "CanceledError";
  }

  constructor(options?: ErrorOptions) {
    super("context canceled", options);
  }
}

/** Why a context ended: its time was over (Go's `context.DeadlineExceeded`). */
export class DeadlineExceededError extends Error {
  static {
    DeadlineExceededError.prototype.name = "DeadlineExceededError";
  }

  /** Go's `Timeout()`: tells time-outs of all kinds from other errors. */
  readonly timeout = true;

  constructor(options?: ErrorOptions) {
    super("context deadline exceeded", options);
  }
}
