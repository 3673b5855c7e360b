import * as vscode from "vscode";
import type { TraceSession } from "../trace/session.js";
import { placeText } from "../trace/stuck-report.js";
import { watchForStuckTasks } from "../trace/stuck-watch.js";
import { openPlace } from "./open-place.js";
import type { TracePanel } from "./trace-panel.js";

/** Tells once if the program's tasks get stuck: who waits for whom, with a way to the trace and to each place. */
export function announceStuckTasks(session: TraceSession, panel: TracePanel): void {
  watchForStuckTasks(session, async ({ text, places }) => {
    const goTo = new Map(places.map((place) => [`Go to ${placeText(place)}`, place]));
    const chosen = await vscode.window.showErrorMessage(`Lockscope: ${text}`, "Show Trace", ...goTo.keys());
    if (chosen === undefined) return;
    const place = goTo.get(chosen);
    if (place !== undefined) return openPlace(place, panel.otherColumn);
    panel.show(session);
  });
}
