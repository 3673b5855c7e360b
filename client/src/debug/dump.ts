import * as vscode from "vscode";
import { evaluate, REGISTRY } from "./evaluate.js";
import type { TracedRuns } from "./traced-runs.js";

/** Has the program that is debugged now deliver what it keeps in memory; where it keeps nothing that is said. */
export async function dumpActive(runs: TracedRuns): Promise<void> {
  const active = vscode.debug.activeDebugSession;
  const token = active && runs.tokenOf(active);
  if (token === undefined) {
    void vscode.window.showInformationMessage("Lockscope: the program being debugged is not traced.");
  } else if (runs.canDump(token)) {
    await dumpRows(token, runs);
  } else {
    const told = "the program's events come as they happen (see the setting lockscope.trace.ringMegabytes).";
    void vscode.window.showInformationMessage(`Lockscope: ${told}`);
  }
}

/** Has the programs of a run, which keep their last rows in memory, deliver them now. */
export async function dumpRows(token: string, runs: TracedRuns): Promise<void> {
  const sessions = runs.sessionsOf(token);
  if (sessions.length === 0) throw new Error("The program is not being debugged any more.");
  try {
    // Of the debugger's sessions of a run some only group others: they have no program to ask, and may never answer.
    await Promise.any(sessions.map(askForRows));
  } catch (error) {
    const [why] = (error as AggregateError).errors;
    throw new Error(`The program cannot be asked for its events: ${(why as Error).message}`);
  }
}

/** The same of the one program that this session debugs. */
export async function askForRows(session: vscode.DebugSession): Promise<void> {
  await evaluate(session, `${REGISTRY}.instrument.dump()`);
}
