import { basename, dirname } from "node:path";
import * as vscode from "vscode";
import { TraceFile } from "../trace/trace-file.js";
import type { AlarmSettings } from "./alarm-settings.js";
import type { FileViewer, SessionInFocus } from "./session-in-focus.js";
import { type PageSurroundings, TracePage } from "./trace-page.js";

/** A `*.locktrace` file that is open, be it in one editor or in several. */
class TraceDocument implements vscode.CustomDocument {
  readonly file: TraceFile;
  readonly #watcher: vscode.FileSystemWatcher;

  constructor(readonly uri: vscode.Uri) {
    const { fsPath } = uri;
    this.file = new TraceFile(fsPath);
    const name = new vscode.RelativePattern(vscode.Uri.file(dirname(fsPath)), basename(fsPath));
    this.#watcher = vscode.workspace.createFileSystemWatcher(name);
    const look = () => void this.file.look();
    this.#watcher.onDidChange(look);
    this.#watcher.onDidCreate(look);
    look();
  }

  dispose(): void {
    this.#watcher.dispose();
    this.file.dispose();
  }
}

/** Shows `*.locktrace` files in the same page as running programs, and follows them while they grow. */
export class TraceEditor implements vscode.CustomReadonlyEditorProvider<TraceDocument> {
  constructor(
    private readonly focus: SessionInFocus,
    private readonly alarmSettings: AlarmSettings,
    private readonly surroundings: PageSurroundings,
  ) {}

  openCustomDocument(uri: vscode.Uri): TraceDocument {
    if (uri.scheme !== "file") throw new Error("Lockscope shows lock traces that are files on disk.");
    const document = new TraceDocument(uri);
    document.file.sessions.on("added", this.alarmSettings.watch);
    return document;
  }

  resolveCustomEditor({ file }: TraceDocument, panel: vscode.WebviewPanel): void {
    const page = new TracePage(panel, file.sessions, this.surroundings);
    const viewer: FileViewer = {
      sessions: file.sessions,
      show(message) {
        panel.reveal(undefined, true);
        page.focus(message);
      },
      compareWithFile: () => page.compareWithFile(),
    };
    const look = () => {
      if (panel.active) this.focus.lookAt(viewer);
    };
    panel.onDidChangeViewState(look);
    panel.onDidDispose(() => this.focus.lookAway(viewer));
    look();
  }
}
