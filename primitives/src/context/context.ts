import { Channel } from "../channel/channel.js";
import type { CancelContext } from "./cancel-context.js";

/**
 * What a piece of work is told about when to stop, and about what it belongs to (Go's
 * `context.Context`). Has a `signal`, so a context can be passed wherever a wait takes options:
 * `mu.lock(ctx)`.
 *
 * Programs may implement it themselves. Then `signal` is what counts: contexts derived from theirs end
 * when it aborts, with `err`, and with the signal's reason as cause.
 */
export interface Context {
  /** Aborts when the context ends; the reason is its {@link cause}. */
  readonly signal: AbortSignal;
  /** Closed when the context ends; Go's nil channel if that can never be. */
  readonly done: Channel<never>;
  /** Why it ended: {@link CanceledError} or {@link DeadlineExceededError}; `undefined` while it has not. */
  readonly err: Error | undefined;
  /** When it will end at the latest. */
  readonly deadline: Date | undefined;
  /** What `withValue` has put under `key`, here or in a parent. O(depth). */
  value<T>(key: unknown): T | undefined;
}

/** The contexts that this module makes. */
export abstract class OwnContext implements Context {
  abstract readonly signal: AbortSignal;
  abstract readonly done: Channel<never>;
  abstract readonly err: Error | undefined;
  abstract readonly deadline: Date | undefined;
  /** @internal The one that ends this one; null: it never ends. */
  abstract readonly canceller: CancelContext | null;
  /** @internal How it came from its parent: "WithCancel". */
  abstract readonly step: string;

  constructor(
    /** @internal */
    readonly parent: Context | null,
  ) {}

  value<T>(key: unknown): T | undefined {
    let at: Context | null = this;
    while (at instanceof OwnContext) {
      if (at instanceof ValueContext && at.key === key) return at.held as T;
      at = at.parent;
    }
    return at?.value(key);
  }

  /** How it came about: "context.Background.WithCancel". */
  toString(): string {
    const steps: string[] = [];
    let at: Context | null = this;
    for (; at instanceof OwnContext; at = at.parent) steps.unshift(at.step);
    return [at === null ? "context" : "Context", ...steps].join(".");
  }
}

/** One that has a value more than its parent, and is its parent otherwise. */
export class ValueContext extends OwnContext {
  /** The nearest one above that is more than a value: so a long chain of values costs nothing to ask. */
  readonly #base: Context;

  constructor(
    override readonly parent: Context,
    /** @internal */
    readonly canceller: CancelContext | null,
    /** @internal */
    readonly key: unknown,
    /** @internal */
    readonly held: unknown,
  ) {
    super(parent);
    this.#base = parent instanceof ValueContext ? parent.#base : parent;
  }

  get signal(): AbortSignal {
    return this.#base.signal;
  }

  get done(): Channel<never> {
    return this.#base.done;
  }

  get err(): Error | undefined {
    return this.#base.err;
  }

  get deadline(): Date | undefined {
    return this.#base.deadline;
  }

  /** @internal The value itself is not shown: it may be a secret. */
  get step(): string {
    const { key } = this;
    return `WithValue(${typeof key === "object" || typeof key === "function" ? typeof key : String(key)})`;
  }
}

/** One that never ends: the root of a tree, or one that is cut off from its parent's end. */
export class EndlessContext extends OwnContext {
  constructor(
    parent: Context | null,
    readonly step: string,
  ) {
    super(parent);
  }

  get signal(): AbortSignal {
    return neverAborted();
  }

  get done(): Channel<never> {
    neverDone ??= Channel.nil();
    return neverDone;
  }

  get err(): undefined {
    return undefined;
  }

  get deadline(): undefined {
    return undefined;
  }

  /** @internal */
  get canceller(): null {
    return null;
  }
}

/** All contexts that never end have one signal and one channel; made when first asked for. */
let never: AbortSignal | undefined;
let neverDone: Channel<never> | undefined;

/** The signal of what never ends. */
export function neverAborted(): AbortSignal {
  never ??= new AbortController().signal;
  return never;
}
