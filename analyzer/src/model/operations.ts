import type { EventKind, LockMode, Operation } from "./model.js";

/** The words in which a model is written. `rejects`: even without a signal. */
export const acquire = (mode: LockMode, rejects = false): Operation => ({
  op: "acquire",
  mode,
  form: "plain",
  ...(rejects && { rejects }),
});
export const guarded = (mode: LockMode): Operation => ({ op: "acquire", mode, form: "guard" });
export const section = (mode: LockMode): Operation => ({ op: "acquire", mode, form: "section" });
export const attempt = (mode: LockMode): Operation => ({ op: "try-acquire", mode });
export const release = (mode: LockMode): Operation => ({ op: "release", mode });
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
