import { createWriteStream } from "node:fs";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import * as vscode from "vscode";
import type { TraceSession } from "../trace/session.js";

/** Asks for a file and writes what the session has sent so far; `lockscope trace` reads it. */
export async function exportTrace(session: TraceSession | undefined): Promise<void> {
  if (session === undefined) return;
  const folder = vscode.workspace.workspaceFolders?.[0]?.uri;
  const name = `${session.program}.locktrace`;
  const target = await vscode.window.showSaveDialog({
    title: "Save lock trace",
    filters: { "Lock trace": ["locktrace"] },
    ...(folder && { defaultUri: vscode.Uri.joinPath(folder, name) }),
  });
  if (target === undefined) return;
  await pipeline(Readable.from(session.fileParts()), createWriteStream(target.fsPath));
}
