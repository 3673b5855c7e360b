import { basename, extname } from "node:path";
import * as vscode from "vscode";

/** Asks where to put a file of this name; undefined if the user would rather not. */
export async function askWhere(title: string, name: string): Promise<vscode.Uri | undefined> {
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  // The page made the name from what a program has said: a folder in it is not for us to follow.
  const plain = basename(name.replaceAll("\\", "/")) || "trace";
  const extension = extname(plain).slice(1);
  return vscode.window.showSaveDialog({
    title,
    ...(extension !== "" && { filters: { [extension]: [extension] } }),
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, plain) }),
  });
}

/** Writes what the page has made (a picture, a table) where the user says, and nowhere else. */
export async function saveFile(name: string, content: ArrayBuffer | string): Promise<void> {
  const target = await askWhere("Save", name);
  if (target === undefined) return;
  const bytes = typeof content === "string" ? new TextEncoder().encode(content) : new Uint8Array(content);
  await vscode.workspace.fs.writeFile(target, bytes);
}
