import * as vscode from "vscode";
import { outside } from "./outside.js";
import { poll } from "./poll.js";

/** The tabs that show a running program's trace. */
export const traceTabs = () =>
  vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(
      ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.includes("lockscope.trace"),
    );

/** Waits until the trace view, in a panel or in an editor, shows all of these. */
export function pollPanel(...texts: (string | RegExp)[]): Promise<string | null> {
  return poll(
    `the trace view to show ${texts.join(", ")}`,
    () => outside.panelText(),
    (shown) => shown !== null && texts.every((text) => new RegExp(text, "i").test(shown)),
    60_000,
  );
}

/** Waits until the tree of locks in the side bar has rows that match all of these. */
export function pollTree(...texts: RegExp[]): Promise<string[]> {
  return poll(
    `the Locks view to show ${texts.join(", ")}`,
    () =>
      outside.windowElements('[id="workbench.view.debug"] .tree-explorer-viewlet-tree-view .monaco-list-row'),
    (rows) => texts.every((text) => rows.some((row) => text.test(row.replace(/\s+/g, " ")))),
    40_000,
  );
}
