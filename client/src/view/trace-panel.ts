import type { HostToViewer } from "@lockscope/trace";
import * as vscode from "vscode";
import { TRACE_VIEW } from "../names.js";
import type { KeptTrace } from "../trace/kept-trace.js";
import type { TraceSession } from "../trace/session.js";
import type { Sessions } from "../trace/sessions.js";
import { attempt } from "./attempt.js";
import { type PageSurroundings, TracePage } from "./trace-page.js";

/** The one trace view of this window, for the programs that it runs: a page beside the editor. */
export class TracePanel implements vscode.Disposable, vscode.WebviewPanelSerializer {
  #shown: { readonly panel: vscode.WebviewPanel; readonly page: TracePage } | undefined;

  constructor(
    private readonly sessions: Sessions,
    private readonly kept: KeptTrace,
    private readonly surroundings: PageSurroundings,
  ) {}

  /**
   * Brings the view up without taking the cursor from the editor.
   * @param session turns it to this one
   * @param focus what to look at there
   */
  show(session?: TraceSession, focus?: HostToViewer): void {
    if (session !== undefined) this.sessions.select(session.id);
    if (this.#shown !== undefined) this.#shown.panel.reveal(undefined, true);
    else this.#open();
    if (focus !== undefined) this.#shown?.page.focus(focus);
  }

  /** Asks for a file, and shows what is different in the trace on show. */
  async compareWithFile(): Promise<void> {
    this.show();
    await this.#shown?.page.compareWithFile();
  }

  /** Where the view is, so that something else can be shown elsewhere. */
  get column(): vscode.ViewColumn | undefined {
    return this.#shown?.panel.viewColumn;
  }

  /** After a reload of the window VS Code brings the panel back, and us with it. The trace that it showed we kept. */
  async deserializeWebviewPanel(panel: vscode.WebviewPanel): Promise<void> {
    await this.#recall();
    if (this.#shown === undefined) this.#adopt(panel);
    else panel.dispose();
  }

  /** The extension ends, most likely with the window: its next life brings the panel back. */
  dispose(): void {
    const { current } = this.sessions;
    if (this.#shown === undefined || current === undefined) return;
    try {
      this.kept.keep(current);
    } catch (error) {
      this.surroundings.output.error(error as Error);
    }
  }

  #open(): void {
    // One that VS Code has brought back, and nobody has looked at since, would be a second one; one that was there
    // when the extensions alone were started anew shows what nobody feeds.
    const left = tracePanelTabs();
    const viewColumn = left[0]?.group.viewColumn ?? vscode.ViewColumn.Beside;
    const where = { viewColumn, preserveFocus: true };
    this.#adopt(vscode.window.createWebviewPanel(TRACE_VIEW, "Lock trace", where));
    void vscode.window.tabGroups.close(left, true);
    void this.#recall();
  }

  #recall(): Promise<void> {
    return attempt(this.surroundings.output, async () => {
      const earlier = await this.kept.take();
      if (earlier !== undefined) this.sessions.addEarlier(earlier);
    });
  }

  #adopt(panel: vscode.WebviewPanel): void {
    panel.iconPath = vscode.Uri.joinPath(this.surroundings.extension, "media", "icon.png");
    this.#shown = { panel, page: new TracePage(panel, this.sessions, this.surroundings) };
    panel.onDidDispose(() => {
      this.#shown = undefined;
    });
  }
}

const tracePanelTabs = (): vscode.Tab[] =>
  vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(({ input }) => input instanceof vscode.TabInputWebview && input.viewType.endsWith(TRACE_VIEW));
