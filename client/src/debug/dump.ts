import type { DebugSession } from "vscode";
import { evaluate, REGISTRY } from "./evaluate.js";
import type { TracedRuns } from "./traced-runs.js";

/** Has the programs of a run, which keep their last rows in memory, deliver them now. */
export async function dumpRows(token: string, runs: TracedRuns): Promise<void> {
  const asked = await Promise.allSettled(runs.sessionsOf(token).map(askForRows));
  // Of the debugger's sessions of a run some only group others, and have no program to ask.
  if (asked.every(({ status }) => status === "rejected")) {
    throw new Error("The program cannot be asked for its events: it is not being debugged any more.");
  }
}

/** The same of the one program that this session debugs. */
export async function askForRows(session: DebugSession): Promise<void> {
  await evaluate(session, `${REGISTRY}.instrument.dump()`);
}
