import { randomBytes } from "node:crypto";
import type { HostToViewer, ViewerToHost } from "@lockscope/trace";
import * as vscode from "vscode";
import type { TraceSession } from "../trace/session.js";
import type { Sessions } from "../trace/sessions.js";
import { TraceFile } from "../trace/trace-file.js";
import { ViewerFeed } from "../trace/viewer-feed.js";
import { attempt } from "./attempt.js";
import { exportTrace } from "./export-trace.js";
import { openPlace } from "./open-place.js";
import { tracePage } from "./page.js";
import { saveFile } from "./save-file.js";

/** What all pages of this window share. */
export interface PageSurroundings {
  readonly extension: vscode.Uri;
  readonly output: vscode.LogOutputChannel;
  /** What is to be said of a session besides its events, now and later. */
  readonly remarks: {
    of(session: TraceSession): readonly HostToViewer[];
    readonly onDidChange: vscode.Event<HostToViewer>;
  };
  /** Has the program deliver the rows that it keeps in memory. */
  dump(session: TraceSession): Promise<void>;
}

/** The trace view's page in a panel of the editor, be it the window's trace view or the editor of a file. */
export class TracePage implements vscode.Disposable {
  readonly #feed: ViewerFeed;
  readonly #subscriptions: vscode.Disposable[];
  /** Traces that were opened to compare them with the one on show. */
  readonly #others: TraceFile[] = [];

  constructor(
    private readonly panel: vscode.WebviewPanel,
    private readonly sessions: Sessions,
    private readonly surroundings: PageSurroundings,
  ) {
    const { webview } = panel;
    const { extension, output, remarks } = surroundings;
    this.#feed = new ViewerFeed(
      sessions,
      (message) => webview.postMessage(message),
      (session) => remarks.of(session),
    );
    this.#subscriptions = [
      remarks.onDidChange((remark) => this.#forward(remark)),
      panel.onDidChangeViewState(() => {
        if (!panel.visible) this.#feed.pause();
      }),
      webview.onDidReceiveMessage((message: ViewerToHost) => {
        if (!this.#feed.receive(message)) void attempt(output, () => this.#handle(message));
      }),
      panel.onDidDispose(() => this.dispose()),
    ];
    const files = vscode.Uri.joinPath(extension, "dist", "viewer");
    webview.options = { enableScripts: true, localResourceRoots: [files] };
    webview.html = tracePage({
      origin: webview.cspSource,
      script: webview.asWebviewUri(vscode.Uri.joinPath(files, "viewer.js")).toString(),
      style: webview.asWebviewUri(vscode.Uri.joinPath(files, "viewer.css")).toString(),
      nonce: randomBytes(16).toString("base64url"),
    });
  }

  /** Has the page show something, at once or when it has loaded. */
  focus(message: HostToViewer): void {
    this.#feed.focus(message);
  }

  /** Asks for a file, and shows what is different in the trace on show. */
  async compareWithFile(): Promise<void> {
    const [chosen] =
      (await vscode.window.showOpenDialog({
        title: "Compare with the lock trace",
        openLabel: "Compare",
        filters: { "Lock trace": ["locktrace"] },
      })) ?? [];
    if (chosen === undefined) return;
    const file = new TraceFile(chosen.fsPath);
    this.#others.push(file);
    await file.look();
    if (file.session === undefined) return;
    this.#feed.compareWith(file.session);
    this.#feed.focus({ type: "focus-comparison" });
  }

  dispose(): void {
    this.#feed.dispose();
    for (const file of this.#others) file.dispose();
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }

  #forward(remark: HostToViewer): void {
    if (!("session" in remark) || remark.session === this.sessions.current?.id) this.#feed.tell(remark);
  }

  async #handle(message: ViewerToHost): Promise<void> {
    const { current } = this.sessions;
    switch (message.type) {
      case "open":
        return openPlace(message, this.panel.viewColumn);
      case "export":
        return exportTrace(current);
      case "save":
        return saveFile(message.name, message.content);
      case "compare-file":
        return this.compareWithFile();
      case "dump":
        if (current !== undefined) await this.surroundings.dump(current);
    }
  }
}
