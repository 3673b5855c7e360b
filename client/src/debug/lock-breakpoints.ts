import { EventEmitter } from "node:events";

/** Where the program is to stop: at a lock, not at a line. Its shape in `LOCKSCOPE_BREAK`, and `enabled`. */
export type LockBreakpoint = {
  /** The lock's name, or the place of its birth as `file:line`. */
  readonly lock: string;
  readonly enabled: boolean;
} & (
  | {
      /** Somebody has waited for it longer than this many milliseconds. */
      readonly waitedMs: number;
    }
  | {
      /** It is taken by a task that holds this other lock. */
      readonly whileHolding: string;
    }
);

/** Where they are kept: the workspace's state in the editor. */
export interface Memory {
  get(key: string): unknown;
  update(key: string, value: unknown): PromiseLike<void>;
}

const KEY = "lockBreakpoints";

/** The lock breakpoints of this workspace. `change` is emitted when there are others, or one was switched. */
export class LockBreakpoints extends EventEmitter<{ change: [] }> {
  #all: readonly LockBreakpoint[];

  constructor(private readonly memory: Memory) {
    super();
    const saved = memory.get(KEY);
    this.#all = Array.isArray(saved) ? saved.filter(isLockBreakpoint) : [];
  }

  get all(): readonly LockBreakpoint[] {
    return this.#all;
  }

  /** Replaces one for the same lock and the same reason. */
  add(breakpoint: LockBreakpoint): void {
    this.#set([...this.#all.filter((other) => idOf(other) !== idOf(breakpoint)), breakpoint]);
  }

  remove(id: string): void {
    this.#set(this.#all.filter((breakpoint) => idOf(breakpoint) !== id));
  }

  clear(): void {
    this.#set([]);
  }

  enable(id: string, enabled: boolean): void {
    this.#set(this.#all.map((one) => (idOf(one) === id ? { ...one, enabled } : one)));
  }

  /** Those in force, as a program takes them (`LOCKSCOPE_BREAK`, `setBreaks`). */
  conditions(): object[] {
    return this.#all.filter(({ enabled }) => enabled).map(({ enabled, ...condition }) => condition);
  }

  #set(all: readonly LockBreakpoint[]): void {
    this.#all = all;
    void this.memory.update(KEY, all);
    this.emit("change");
  }
}

export const idOf = (breakpoint: LockBreakpoint): string =>
  "waitedMs" in breakpoint
    ? `waited ${breakpoint.lock}`
    : `${breakpoint.lock} while ${breakpoint.whileHolding}`;

export function lockBreakpointText(breakpoint: LockBreakpoint): string {
  const { lock } = breakpoint;
  return "waitedMs" in breakpoint
    ? `${lock} is waited for longer than ${breakpoint.waitedMs} ms`
    : `${lock} is taken while ${breakpoint.whileHolding} is held`;
}

/** An older version may have saved something else. */
function isLockBreakpoint(value: unknown): value is LockBreakpoint {
  if (typeof value !== "object" || value === null) return false;
  const { lock, enabled, waitedMs, whileHolding } = value as Record<string, unknown>;
  if (typeof lock !== "string" || typeof enabled !== "boolean") return false;
  return typeof waitedMs === "number" || typeof whileHolding === "string";
}
