import { basename, dirname } from "node:path";
import * as vscode from "vscode";
import { LANGUAGES } from "../names.js";
import { mayRun } from "../view/trust.js";
import { TRACE_THIS_RUN } from "./debug-hook.js";
import { findTsx, needsLoader } from "./typescript-loader.js";

const runAnyway = "Run Without tsx";

/** Runs the file in the editor, or the one whose title button was pressed, with the trace on and no debugger. */
export async function runActiveFile(resource?: vscode.Uri): Promise<void> {
  if (!mayRun("Running a program with the lock trace")) return;
  const uri = resource ?? vscode.window.activeTextEditor?.document.uri;
  const document = vscode.workspace.textDocuments.find((open) => open.uri.toString() === uri?.toString());
  const known = document === undefined || LANGUAGES.some((language) => language === document.languageId);
  if (uri?.scheme !== "file" || !known) {
    void vscode.window.showInformationMessage("Lockscope: open the JavaScript or TypeScript file to run.");
    return;
  }
  const program = uri.fsPath;
  const loader = needsLoader(program) ? await chosenLoader(program) : [];
  if (loader === undefined) return;
  const folder = vscode.workspace.getWorkspaceFolder(uri);
  await vscode.debug.startDebugging(
    folder,
    {
      type: "node",
      request: "launch",
      name: `${basename(program)} with lock trace`,
      program,
      cwd: folder?.uri.fsPath ?? dirname(program),
      runtimeArgs: ["--enable-source-maps", ...loader],
      console: "internalConsole",
      outputCapture: "std",
      internalConsoleOptions: "openOnSessionStart",
      showAsyncStacks: false,
      [TRACE_THIS_RUN]: true,
    },
    { noDebug: true },
  );
}

/** Node's arguments that make it load TypeScript, or undefined if the user would rather not run. */
async function chosenLoader(program: string): Promise<string[] | undefined> {
  const tsx = findTsx(program);
  if (tsx !== undefined) return ["--import", tsx];
  const chosen = await vscode.window.showWarningMessage(
    `Lockscope: ${basename(program)} is TypeScript, and its project has no tsx to load it with ` +
      "(npm install --save-dev tsx). From version 22.18 on, Node can run most TypeScript by itself.",
    runAnyway,
  );
  return chosen === runAnyway ? [] : undefined;
}
