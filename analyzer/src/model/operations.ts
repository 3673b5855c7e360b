import type { EventKind, LockMode, Operation } from "./model.js";

/** The words in which a model is written. `rejects`: even without a signal. */
export const acquire = (mode: LockMode, rejects = false): Operation => ({
  op: "acquire",
  mode,
  form: "plain",
  ...(rejects && { rejects }),
});
/** Resolves to a guard that `using` can hold. */
export const guarded = (mode: LockMode): Operation => ({
  op: "acquire",
  mode,
  form: "guard",
  disposable: true,
});
export const section = (mode: LockMode): Operation => ({ op: "acquire", mode, form: "section" });
export const attempt = (mode: LockMode): Operation => ({ op: "try-acquire", mode });
export const release = (mode: LockMode): Operation => ({ op: "release", mode });
/** An operation of a semaphore that says at this argument how many permits it is about. */
export const counted = <O extends Operation>(operation: O, amount: number): O => ({ ...operation, amount });
export const blocks = (event?: EventKind, rejects = false): Operation => ({
  op: "block",
  rejects,
  ...(event !== undefined && { event }),
});
export const runs = (argument: number, event: EventKind): Operation => ({ op: "runs", argument, event });
export const harmless = (event?: EventKind): Operation => ({
  op: "harmless",
  ...(event !== undefined && { event }),
});
export const throws = (event: EventKind): Operation => ({ op: "throws", event });

type Acquire = Operation & { op: "acquire" };

/** Resolves to the guard, or (`element`) to a tuple with it. */
export const guardedBy = (mode: LockMode, more: Partial<Acquire> = {}): Operation => ({
  op: "acquire",
  mode,
  form: "guard",
  ...more,
});
/** Runs the function that stands at `callback`. */
export const sectionAt = (
  callback: number | "last",
  mode: LockMode,
  more: Partial<Acquire> = {},
): Operation => ({ op: "acquire", mode, form: "section", callback, ...more });
/** A second call does nothing. */
export const guardRelease: Operation = { op: "guard-release", idempotent: true };
export const inspect: Operation = { op: "inspect" };
/** `wrap(lock)`: the same lock behind another face. */
export const wrap = (impatient: boolean): Operation => ({ op: "wrap", argument: 0, impatient });
