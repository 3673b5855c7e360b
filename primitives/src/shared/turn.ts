import type { WaitFor } from "../runtime/hooks.js";
import { Waiter } from "../runtime/index.js";
import type { Line } from "./line.js";
import type { SharedResource } from "./resource.js";

/** One who waits: a task, or the thread itself. */
export interface Turn {
  readonly line: Line;
  /** Who came first has the lower one, whichever thread it is of. */
  ticket: number;
  /** When it began to wait. */
  since: number;
  /** How much it wants (a semaphore), or which round it waits for. */
  readonly want: number;
  /** What it brings along (a message). */
  readonly load: unknown;
  /** What it gets. */
  result: unknown;
  /** Whether what it gets is a value, and not the end of them. */
  ok: boolean;
  /** Why it got something else than what it waited for. */
  error: unknown;
}

/** A waiting task, or one that blocks its thread. */
export class SharedWaiter<T> extends Waiter<T> implements Turn {
  /** It has given up, or was refused before it had begun. */
  gone = false;
  ticket = 0;
  since = 0;
  result: unknown = undefined;
  ok = false;
  error: unknown = undefined;

  constructor(
    resource: SharedResource,
    waitFor: WaitFor,
    readonly line: Line,
    readonly want = 0,
    readonly load: unknown = undefined,
  ) {
    super(resource, waitFor);
  }

  override leave(): void {
    this.gone = true;
    super.leave();
    this.line.left(this);
  }
}
