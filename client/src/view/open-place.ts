import { stat } from "node:fs/promises";
import { isAbsolute } from "node:path";
import { fileURLToPath } from "node:url";
import * as vscode from "vscode";

/** A place in a source file; both numbers are 1-based, a column of 0 means the line. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

/**
 * Shows a place that a trace names. A trace comes from a program, so its text is not to be trusted: only a regular
 * file with an absolute path is opened, nothing else is done with it.
 * @param notOver the column of a page that is to stay in view
 */
export async function openPlace(place: Place, notOver?: vscode.ViewColumn): Promise<void> {
  const file = await existingFile(place.file);
  if (file === undefined) {
    void vscode.window.showWarningMessage(`Lockscope: there is no file ${place.file}`);
    return;
  }
  const line = Math.max(0, toInteger(place.line) - 1);
  const character = Math.max(0, toInteger(place.column) - 1);
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(file));
  const position = document.validatePosition(new vscode.Position(line, character));
  await vscode.window.showTextDocument(document, {
    viewColumn: notOver === undefined ? vscode.ViewColumn.Active : columnBeside(notOver),
    selection: new vscode.Range(position, position),
  });
}

function columnBeside(column: vscode.ViewColumn): vscode.ViewColumn {
  const beside = vscode.window.tabGroups.all.find(({ viewColumn }) => viewColumn !== column);
  return beside?.viewColumn ?? vscode.ViewColumn.Beside;
}

async function existingFile(name: string): Promise<string | undefined> {
  try {
    const path = name.startsWith("file:") ? fileURLToPath(name) : name;
    return isAbsolute(path) && (await stat(path)).isFile() ? path : undefined;
  } catch {
    return undefined; // no such file, or no such URL: to the user the same
  }
}

const toInteger = (value: number) => (Number.isSafeInteger(value) ? value : 1);
