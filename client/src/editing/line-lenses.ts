import * as vscode from "vscode";
import { OwnCommand, SECTION } from "../names.js";
import { traceSettings } from "../settings.js";
import { lineCountText } from "./line-counts.js";
import { type TracedDocuments, tracedName } from "./traced-documents.js";

/** Above each line at which locks were taken or waited for: how often, and how long the longest wait was. */
export class LineLenses implements vscode.CodeLensProvider, vscode.Disposable {
  readonly #changed = new vscode.EventEmitter<void>();
  readonly onDidChangeCodeLenses = this.#changed.event;
  readonly #subscriptions: vscode.Disposable[];

  constructor(private readonly traced: TracedDocuments) {
    this.#subscriptions = [
      this.#changed,
      traced.onDidChange(() => this.#changed.fire()),
      vscode.workspace.onDidChangeConfiguration((change) => {
        if (change.affectsConfiguration(`${SECTION}.trace`)) this.#changed.fire();
      }),
    ];
  }

  async provideCodeLenses(document: vscode.TextDocument): Promise<vscode.CodeLens[]> {
    if (!traceSettings(document).codeLens) return [];
    const file = await tracedName(document.uri);
    const lines = await this.traced.lines(document);
    return lines.map(({ count, at }) => {
      const range = document.lineAt(at).range;
      return new vscode.CodeLens(range, {
        title: lineCountText(count),
        tooltip: "Show the events of this line in the lock trace",
        command: OwnCommand.showPlaceEvents,
        arguments: [file, count.line],
      });
    });
  }

  dispose(): void {
    vscode.Disposable.from(...this.#subscriptions).dispose();
  }
}
