/** Misuse of a primitive. `message` is Go's panic text, `code` is stable. */
export class SyncError extends Error {
  static {
    SyncError.prototype.name = "SyncError";
  }

  readonly code: string;
  /** The primitive's name: "counter", or "Mutex#3". */
  declare readonly primitive?: string;
  /** The name of the task that misused it, where it is known. */
  declare readonly task?: string;
  /** Where the primitive was locked, while it is traced: "src/bank.ts:12:14". */
  declare readonly lockedAt?: string;

  constructor(message: string, code: string, details: SyncErrorDetails = {}) {
    super(message);
    this.code = code;
    Object.assign(this, details);
  }
}

export interface SyncErrorDetails {
  primitive?: string;
  task?: string;
  lockedAt?: string;
}
