import { randomBytes } from "node:crypto";
import type { ViewerToHost } from "@lockscope/trace";
import * as vscode from "vscode";
import { TRACE_VIEW } from "../names.js";
import type { TraceSession } from "../trace/session.js";
import type { Sessions } from "../trace/sessions.js";
import { ViewerFeed } from "../trace/viewer-feed.js";
import { exportTrace } from "./export-trace.js";
import { openPlace, type Place } from "./open-place.js";
import { tracePage } from "./page.js";

/** The one trace view of this window: a page beside the editor, fed while it is visible. */
export class TracePanel implements vscode.Disposable, vscode.WebviewPanelSerializer {
  #panel: vscode.WebviewPanel | undefined;

  constructor(
    private readonly extension: vscode.Uri,
    private readonly sessions: Sessions,
    private readonly output: vscode.LogOutputChannel,
  ) {}

  /** Brings the view up without taking the cursor from the editor, and turns it to a session if one is given. */
  show(session?: TraceSession): void {
    if (session !== undefined) this.sessions.select(session.id);
    if (this.#panel !== undefined) {
      this.#panel.reveal(undefined, true);
      return;
    }
    const where = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    this.#adopt(vscode.window.createWebviewPanel(TRACE_VIEW, "Lock trace", where));
  }

  /** After a reload of the window VS Code brings the panel back, and us with it. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    if (this.#panel === undefined) this.#adopt(panel);
    else panel.dispose();
  }

  /** Shows a place in the source, not over the view. Failures are shown and logged, not thrown. */
  async goTo(place: Place): Promise<void> {
    await this.#attempt(openPlace(place, this.#otherColumn));
  }

  get #otherColumn(): vscode.ViewColumn {
    const beside = vscode.window.tabGroups.all.find(
      ({ viewColumn }) => viewColumn !== this.#panel?.viewColumn,
    );
    return beside?.viewColumn ?? vscode.ViewColumn.Beside;
  }

  dispose(): void {
    this.#panel?.dispose();
  }

  #adopt(panel: vscode.WebviewPanel): void {
    const files = vscode.Uri.joinPath(this.extension, "dist", "viewer");
    const { webview } = panel;
    const feed = new ViewerFeed(this.sessions, (message) => webview.postMessage(message));
    this.#panel = panel;
    panel.iconPath = vscode.Uri.joinPath(this.extension, "media", "icon.png");
    panel.onDidDispose(() => {
      feed.dispose();
      this.#panel = undefined;
    });
    panel.onDidChangeViewState(() => {
      if (!panel.visible) feed.pause();
    });
    webview.onDidReceiveMessage((message: ViewerToHost) => {
      if (!feed.receive(message)) void this.#handle(message);
    });
    webview.options = { enableScripts: true, localResourceRoots: [files] };
    webview.html = tracePage({
      origin: webview.cspSource,
      script: webview.asWebviewUri(vscode.Uri.joinPath(files, "viewer.js")).toString(),
      style: webview.asWebviewUri(vscode.Uri.joinPath(files, "viewer.css")).toString(),
      nonce: randomBytes(16).toString("base64url"),
    });
  }

  async #handle(message: ViewerToHost): Promise<void> {
    if (message.type === "open") await this.goTo(message);
    else if (message.type === "export") await this.#attempt(exportTrace(this.sessions.current));
  }

  async #attempt(action: Promise<void>): Promise<void> {
    try {
      await action;
    } catch (error) {
      this.output.error(error instanceof Error ? error : String(error));
      void vscode.window.showErrorMessage(`Lockscope: ${error instanceof Error ? error.message : error}`);
    }
  }
}
