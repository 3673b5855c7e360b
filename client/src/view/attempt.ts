import * as vscode from "vscode";

/** Does what the user has asked for; a failure is shown and logged, not thrown. */
export async function attempt(output: vscode.LogOutputChannel, action: () => Promise<void>): Promise<void> {
  try {
    await action();
  } catch (error) {
    output.error(error instanceof Error ? error : String(error));
    void vscode.window.showErrorMessage(`Lockscope: ${error instanceof Error ? error.message : error}`);
  }
}
