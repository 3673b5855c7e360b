import { type Alarm, placeText, type Site } from "@lockscope/trace";
import * as vscode from "vscode";
import type { TraceSession } from "../trace/session.js";
import { openPlace } from "./open-place.js";
import type { TracePanel } from "./trace-panel.js";

/** Those after which the program cannot go on as it should. The others are in the trace view and in the tree. */
const URGENT: ReadonlySet<Alarm["kind"]> = new Set(["deadlock", "self-relock", "leaked-task"]);

/** A program may have any number of deadlocks; boxes about the first ones are enough. */
const MAX_BOXES = 3;
/** A message box is read in one glance; the trace view has the rest. */
const MAX_PLACES = 4;

const showTrace = "Show Trace";

/** Tells what has gone wrong for good: who waits for whom, with a way to the trace and to each place. */
export function announceAlarms(session: TraceSession, panel: TracePanel): void {
  let boxes = 0;
  session.alarms.on("alarm", (alarm) => {
    if (URGENT.has(alarm.kind) && boxes++ < MAX_BOXES) void announce(alarm, session, panel);
  });
}

async function announce({ text, sites }: Alarm, session: TraceSession, panel: TracePanel): Promise<void> {
  const places = sites
    .map((site) => session.store.sites.get(site))
    .filter((place): place is Site => place !== undefined)
    .slice(0, MAX_PLACES);
  const goTo = new Map(places.map((place) => [`Go to ${placeText(place)}`, place]));
  const told = `Lockscope: ${session.program}: ${text}`;
  const chosen = await vscode.window.showErrorMessage(told, showTrace, ...goTo.keys());
  const place = chosen === undefined ? undefined : goTo.get(chosen);
  if (place !== undefined) await openPlace(place, panel.column);
  else if (chosen === showTrace) panel.show(session);
}
