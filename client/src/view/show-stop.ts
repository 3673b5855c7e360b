import type { Mark } from "@lockscope/trace";
import * as vscode from "vscode";
import type { TraceSession } from "../trace/session.js";
import { openPlace } from "./open-place.js";
import type { TracePanel } from "./trace-panel.js";

const PATIENCE_MS = 3000;
const STEP_MS = 50;

/**
 * A lock breakpoint has stopped the program. The debugger shows the code that it stopped in, which is the
 * instrument's and nobody's business: shows the lock in the trace view instead, and where the task takes it.
 * @param register the instrument's file
 */
export async function showStop(
  session: TraceSession,
  { task, lock }: Mark,
  panel: TracePanel,
  register: string,
): Promise<void> {
  if (lock === undefined) return;
  for (let waited = 0; waited < PATIENCE_MS && tabsOf(register).length === 0; waited += STEP_MS) {
    await new Promise((resolve) => setTimeout(resolve, STEP_MS));
  }
  await vscode.window.tabGroups.close(tabsOf(register), true);
  const site = task.waits.find(lock)?.site ?? lock.holders.find(task)?.site;
  const place = site === undefined ? undefined : session.store.sites.get(site);
  if (place !== undefined) await openPlace(place, panel.column);
  panel.show(session, { type: "focus-lock", id: lock.id });
}

function tabsOf(file: string): vscode.Tab[] {
  return vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputText && input.uri.fsPath === file);
}
