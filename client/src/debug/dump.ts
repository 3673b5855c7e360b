import type { Prelude } from "@lockscope/trace";
import { evaluate, REGISTRY } from "./evaluate.js";
import type { TracedRuns } from "./traced-runs.js";

/** Has a program that keeps its last rows in memory deliver them now. */
export async function dumpRows({ token }: Prelude, runs: TracedRuns): Promise<void> {
  const sessions = runs.sessionsOf(token);
  const asked = await Promise.allSettled(
    sessions.map((session) => evaluate(session, `${REGISTRY}.instrument.dump()`)),
  );
  // Of the debugger's sessions of a run some only group others, and have no program to ask.
  if (asked.every(({ status }) => status === "rejected")) {
    throw new Error("The program cannot be asked for its events: it is not being debugged any more.");
  }
}
