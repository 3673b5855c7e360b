import type { Channel } from "../channel/channel.js";
import { WatchedQueue } from "../channel/watched-queue.js";
import { onWatched } from "../runtime/abort.js";
import { type Context, OwnContext } from "./context.js";
import { DoneChannel } from "./done-channel.js";

/** Why and by what a context ended; one object for all that end together. */
export interface Ending {
  readonly err: Error;
  readonly cause: Error;
}

/** Most contexts are cancelled when their work is over, and nobody asks why: no error is made for them. */
class LazyEnding implements Ending {
  readonly #why: new () => Error;
  readonly #cause: Error | undefined;
  #err: Error | undefined;

  constructor(why: new () => Error, cause: Error | undefined) {
    this.#why = why;
    this.#cause = cause;
  }

  get err(): Error {
    this.#err ??= new this.#why();
    return this.#err;
  }

  get cause(): Error {
    return this.#cause ?? this.err;
  }
}

/** What ends when a context ends: a context derived from it, or an `afterFunc`. */
export interface Child {
  /** @internal What it hangs below has ended. Returns whom to tell next, if there is anybody. */
  end(): Iterable<Child> | null;
}

/**
 * A context that can end before its parent does.
 *
 * How it works. Contexts form a tree; each keeps the children that are still to be ended. Ending one is
 * synchronous: it takes leave of its parent and ends all below it, depth first. The first ending
 * counts, later ones find nothing to do. The channel and the signal are made when they are asked for: a
 * context that is merely passed on is one small object.
 */
export class CancelContext extends OwnContext implements Child {
  /** @internal The context that will end this one; null: none will, or it is over. */
  protected source: CancelContext | null = null;
  #children: Set<Child> | null = null;
  #ending: Ending | null = null;
  #done: DoneChannel | null = null;
  #abort: AbortController | null = null;
  /** How many wait for this context or for one below it: a channel's or a signal's waiters count as one. */
  #holds = 0;

  constructor(
    parent: Context | null,
    readonly deadline: Date | undefined = parent?.deadline,
  ) {
    super(parent);
  }

  get signal(): AbortSignal {
    if (this.#abort === null) {
      this.#abort = new AbortController();
      const { signal } = this.#abort;
      contexts.set(signal, this);
      if (this.#ending !== null) this.#abort.abort(this.#ending.cause);
      else if (this.deadline !== undefined) onWatched(signal, this.#holder());
    }
    return this.#abort.signal;
  }

  get done(): Channel<never> {
    if (this.#done === null) {
      this.#done = new DoneChannel(0, { name: `${this}.done` });
      if (this.#ending !== null) this.#done.end();
      else if (this.deadline !== undefined) this.#done.receivers = new WatchedQueue(this.#holder());
    }
    return this.#done;
  }

  get err(): Error | undefined {
    return this.ending?.err;
  }

  /** @internal How it ended; null: it has not. */
  get ending(): Ending | null {
    return this.#ending;
  }

  /** @internal */
  get cause(): Error | undefined {
    return this.ending?.cause;
  }

  /** @internal */
  get canceller(): CancelContext {
    return this;
  }

  /** @internal */
  get step(): string {
    return "WithCancel";
  }

  /** @internal Ends this context and all below it, unless it has ended. */
  cancel(why: new () => Error, cause?: Error): void {
    if (this.ending === null) this.finish(new LazyEnding(why, cause));
  }

  /** @internal Ends this context and all below it. O(their number), without recursion. */
  finish(ending: Ending): void {
    if (this.source !== null) {
      this.source.disown(this);
      this.source.hold(-this.#holds);
    }
    const left: Child[] = [];
    let children = this.over(ending);
    for (;;) {
      if (children !== null) for (const child of [...children].reverse()) left.push(child);
      const next = left.pop();
      if (next === undefined) return;
      children = next.end();
    }
  }

  /** @internal */
  end(): Iterable<Child> | null {
    const ending = this.source?.ending ?? null;
    return ending === null ? null : this.over(this.#inParentsWords(ending));
  }

  /** Ends this context alone, and returns its children. */
  protected over(ending: Ending): Iterable<Child> | null {
    const children = this.#children;
    this.#ending = ending;
    this.source = this.#children = null;
    this.#done?.end();
    this.#abort?.abort(ending.cause);
    return children;
  }

  /** @internal `child` ends with this context, which has not ended. */
  adopt(child: Child): void {
    this.#children ??= new Set();
    this.#children.add(child);
  }

  /** @internal */
  disown(child: Child): void {
    this.#children?.delete(child);
  }

  /** @internal How many end with it. */
  get children(): number {
    return this.#children?.size ?? 0;
  }

  /** @internal Hangs this context below `source`, which ends it at once if it has ended itself. */
  attach(source: CancelContext | null): void {
    if (source === null) return;
    this.source = source;
    if (source.ending === null) source.adopt(this);
    else this.end();
  }

  /** @internal So many more wait for this context, and so for all above it. O(depth). */
  hold(change: number): void {
    for (let at: CancelContext | null = this; at !== null; at = at.source) {
      at.#holds += change;
      at.held(at.#holds > 0);
    }
  }

  /** @internal Whether somebody waits for it. */
  protected held(_waiting: boolean): void {}

  /** A parent that the program has made itself has its own word for why it ended. */
  #inParentsWords(ending: Ending): Ending {
    if (this.parent === null || this.parent instanceof OwnContext) return ending;
    return { err: this.parent.err ?? ending.err, cause: ending.cause };
  }

  /** Takes note of whether the waiters of one kind are some or none. */
  #holder(): (waiting: boolean) => void {
    let holding = false;
    return (waiting) => {
      if (waiting === holding) return;
      holding = waiting;
      this.hold(waiting ? 1 : -1);
    };
  }
}

/** The contexts that stand for signals: those whose own it is, and those made from one. */
export const contexts = new WeakMap<AbortSignal, CancelContext>();
