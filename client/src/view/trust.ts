import * as vscode from "vscode";

const manage = "Manage Workspace Trust";

/**
 * Whether programs may be run in this workspace; if not, it is said, with a way to where the user decides that.
 * @param action what was asked for: "Running a program with the lock trace"
 */
export function mayRun(action: string): boolean {
  if (vscode.workspace.isTrusted) return true;
  void explain(action);
  return false;
}

async function explain(action: string): Promise<void> {
  const told = `Lockscope: ${action} needs a trusted workspace: it runs code that is in it.`;
  const chosen = await vscode.window.showWarningMessage(told, manage);
  if (chosen === manage) await vscode.commands.executeCommand("workbench.trust.manage");
}
