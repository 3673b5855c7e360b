import { type Prelude, programClock, type TraceStore } from "@lockscope/trace";

/** What has a present: a trace that comes from a program, or from a file. */
export interface Timed {
  readonly store: TraceStore;
  readonly prelude: Prelude;
  /** Set once no more will come. */
  readonly end: object | undefined;
  /** It comes from a file. */
  readonly recorded: boolean;
}

/**
 * The present of a session, in milliseconds since its program's time origin: the program's clock while it runs,
 * its last moment afterwards.
 * @param wallClock milliseconds since 1970; a moment ago for a program that a debugger has held since then
 */
export function presentOf(session: Timed, wallClock = Date.now()): number {
  const { store, end, recorded, prelude } = session;
  if (recorded || end !== undefined || store.end !== undefined) return store.endTime;
  return programClock(prelude.meta.start, store.endTime, wallClock) ?? store.endTime;
}
