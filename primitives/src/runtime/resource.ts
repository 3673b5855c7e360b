import { NoCopy } from "../no-copy.js";
import { instrument } from "./hooks.js";
import { registry } from "./registry.js";

export interface Named {
  /** Shown in errors, in stuck reports and in the trace. */
  name?: string;
}

export interface WaitOptions {
  /** Gives up the wait when it aborts: nothing is acquired, the promise rejects with `signal.reason`. */
  signal?: AbortSignal;
}

/** What tasks wait for: the ancestor of every primitive. */
export abstract class Resource extends NoCopy {
  /** @internal Unique in the process. */
  readonly id: number;
  /** @internal The name it was given, if any. */
  readonly label: string | undefined;
  /** @internal What the instrument that is plugged in keeps of it; nothing otherwise. */
  notes: unknown = undefined;

  /** @param tell false: whoever derives from it tells the instrument, once there is more to be told */
  constructor(options?: Named, tell = true) {
    super();
    this.id = ++registry.lastResourceId;
    this.label = options?.name;
    if (tell && instrument !== null) instrument.created(this, new.target);
  }

  /** The name given at construction, else the type and a number: "Mutex#3". */
  override get name(): string {
    return this.label ?? `${this.kind}#${this.id}`;
  }

  /** @internal Waiters were cancelled; they have left the queue. Perhaps somebody behind them can go on. */
  waiterLeft?(): void;
}
