import { syncError } from "../misuse.js";
import { type Alarm, startAlarm } from "../runtime/index.js";
import { CancelContext, type Child, type Ending } from "./cancel-context.js";
import { type Context, EndlessContext, ValueContext } from "./context.js";
import { CanceledError, DeadlineExceededError } from "./errors.js";
import { cancellerOf } from "./signal-context.js";

/** Ends a context with {@link CanceledError}; once it has ended, does nothing. */
export type CancelFunc = () => void;
/** As {@link CancelFunc}; `cause` tells more than that. */
export type CancelCauseFunc = (cause?: Error) => void;

/** A context that ends by itself too. */
class DeadlineContext extends CancelContext {
  readonly #alarm: Alarm;

  constructor(parent: Context, at: Date | undefined, ms: number, cause: Error | undefined) {
    super(parent, at);
    this.#alarm = startAlarm(ms, () => this.cancel(DeadlineExceededError, cause));
    // Nobody waits yet.
    this.#alarm.hold(false);
  }

  /** @internal */
  override get step(): string {
    return `WithDeadline(${this.deadline?.toISOString()})`;
  }

  protected override over(ending: Ending): Iterable<Child> | null {
    this.#alarm.cancel();
    return super.over(ending);
  }

  protected override held(waiting: boolean): void {
    this.#alarm.hold(waiting);
  }
}

/** The root of a program's contexts: it never ends and has no values. */
export function background(): Context {
  root ??= new EndlessContext(null, "Background");
  return root;
}

/** Stands where it is not yet clear which context to use; as {@link background}. */
export function todo(): Context {
  unclear ??= new EndlessContext(null, "TODO");
  return unclear;
}

let root: Context | undefined;
let unclear: Context | undefined;

/**
 * A context that ends when its `parent` does, or when the function is called. Call it as soon as the
 * work is over: until then the parent keeps the context.
 *
 * @throws {SyncError} `cannot create context from nil parent`
 */
export function withCancel(parent: Context): [Context, CancelFunc] {
  const ctx = derived(parent);
  return [ctx, () => ctx.cancel(CanceledError)];
}

/** As {@link withCancel}; what the function is given is the context's {@link cause}, and its signal's reason. */
export function withCancelCause(parent: Context): [Context, CancelCauseFunc] {
  const ctx = derived(parent);
  return [ctx, (cause) => ctx.cancel(CanceledError, cause)];
}

/**
 * A context that ends when its `parent` does, when the function is called, or at `at`, unless the
 * parent's deadline is earlier anyway.
 *
 * Its timer keeps the process alive only while somebody waits for the context or for one derived from
 * it: on `done`, or in an operation of this library with its `signal`. Nobody waits out a deadline
 * that nothing depends on, and no wait is dropped because nothing else was left to do.
 */
export function withDeadline(parent: Context, at: Date): [Context, CancelFunc] {
  return withDeadlineCause(parent, at, undefined);
}

/** As {@link withDeadline}; `cause` is the context's {@link cause} when its time is over. */
export function withDeadlineCause(
  parent: Context,
  at: Date,
  cause: Error | undefined,
): [Context, CancelFunc] {
  const ms = at.getTime() - Date.now();
  if (Number.isNaN(ms)) throw new RangeError("withDeadline: not a date");
  return limited(parent, at, ms, cause);
}

/** {@link withDeadline}, `ms` milliseconds from now; an infinite number of them is no deadline. */
export function withTimeout(parent: Context, ms: number): [Context, CancelFunc] {
  return withTimeoutCause(parent, ms, undefined);
}

/** As {@link withTimeout}; `cause` is the context's {@link cause} when its time is over. */
export function withTimeoutCause(
  parent: Context,
  ms: number,
  cause: Error | undefined,
): [Context, CancelFunc] {
  if (Number.isNaN(ms)) throw new RangeError("withTimeout: not a number of milliseconds");
  return limited(parent, new Date(Date.now() + Math.max(ms, -LONGEST)), ms, cause);
}

function limited(parent: Context, at: Date, ms: number, cause: Error | undefined): [Context, CancelFunc] {
  const earlier = needed(parent).deadline;
  // A date has an end; what lies beyond it is as good as never.
  if (ms > LONGEST || (earlier !== undefined && earlier < at)) return withCancel(parent);
  const ctx = new DeadlineContext(parent, at, ms, cause);
  ctx.attach(cancellerOf(parent));
  if (ms <= 0) ctx.cancel(DeadlineExceededError, cause);
  return [ctx, () => ctx.cancel(CanceledError)];
}

/** A thousand years, in milliseconds. */
const LONGEST = 1000 * 365.25 * 24 * 60 * 60 * 1000;

/**
 * A context in which `key` has `value`. Keys are compared by `===`: a symbol or an object of one's own
 * cannot be mistaken for somebody else's.
 *
 * @throws {SyncError} `nil key` (undefined or null), `key is not comparable` (NaN)
 */
export function withValue(parent: Context, key: unknown, value: unknown): Context {
  needed(parent);
  if (key === undefined || key === null) throw syncError("context-key", "nil key");
  if (Number.isNaN(key)) throw syncError("context-key", "key is not comparable");
  return new ValueContext(parent, cancellerOf(parent), key, value);
}

/** A context with the values of `parent` that does not end when it does, and has no deadline. */
export function withoutCancel(parent: Context): Context {
  return new EndlessContext(needed(parent), "WithoutCancel");
}

/**
 * Why `ctx` ended: what `withCancelCause` or `withDeadlineCause` said of it or of a parent, else its
 * `err`; `undefined` while it has not ended.
 */
export function cause(ctx: Context): Error | undefined {
  const { err } = ctx;
  if (err === undefined) return undefined;
  return cancellerOf(ctx)?.cause ?? err;
}

function derived(parent: Context): CancelContext {
  const ctx = new CancelContext(needed(parent));
  ctx.attach(cancellerOf(parent));
  return ctx;
}

/** TypeScript sees to it; a program in JavaScript learns it here, and not somewhere below. */
function needed(parent: Context): Context {
  const given: Context | null | undefined = parent;
  if (given === null || given === undefined) {
    throw syncError("context-parent", "cannot create context from nil parent");
  }
  return given;
}
