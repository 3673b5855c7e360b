import * as vscode from "vscode";
import type { TraceSession } from "../trace/session.js";
import { placeText, type StuckReport } from "../trace/stuck-report.js";
import { watchForStuckTasks } from "../trace/stuck-watch.js";
import { openPlace } from "./open-place.js";
import type { TracePanel } from "./trace-panel.js";

/** Tells once if the program's tasks get stuck: who waits for whom, with a way to the trace and to each place. */
export function announceStuckTasks(session: TraceSession, panel: TracePanel): void {
  watchForStuckTasks(session, (report) => void announce(report, session, panel));
}

async function announce(
  { text, places }: StuckReport,
  session: TraceSession,
  panel: TracePanel,
): Promise<void> {
  const goTo = new Map(places.map((place) => [`Go to ${placeText(place)}`, place]));
  const chosen = await vscode.window.showErrorMessage(`Lockscope: ${text}`, showTrace, ...goTo.keys());
  const place = chosen === undefined ? undefined : goTo.get(chosen);
  if (place !== undefined) await openPlace(place, panel.column);
  else if (chosen === showTrace) panel.show(session);
}

const showTrace = "Show Trace";
