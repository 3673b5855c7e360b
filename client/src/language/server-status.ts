import * as vscode from "vscode";
import { State } from "vscode-languageclient/node";
import { Command } from "../names.js";

/** The entry in the language status of a document (the braces in the status bar): is the analysis running? */
export class ServerStatus implements vscode.Disposable {
  readonly #item: vscode.LanguageStatusItem;

  constructor(documents: vscode.DocumentSelector) {
    this.#item = vscode.languages.createLanguageStatusItem("lockscope.server", documents);
    this.#item.name = "Lockscope";
    this.show(State.Stopped);
  }

  show(state: State): void {
    const item = this.#item;
    const failed = state === State.StartFailed || state === State.Stopped;
    item.busy = state === State.Starting;
    item.severity = failed
      ? vscode.LanguageStatusSeverity.Warning
      : vscode.LanguageStatusSeverity.Information;
    item.text = texts[state];
    item.command = failed
      ? { command: Command.restartServer, title: "Start" }
      : { command: Command.showOutput, title: "Show Output" };
  }

  dispose(): void {
    this.#item.dispose();
  }
}

const texts: Readonly<Record<State, string>> = {
  [State.Stopped]: "Lockscope is not running",
  [State.Starting]: "Lockscope is starting",
  [State.Running]: "Lockscope",
  [State.StartFailed]: "Lockscope did not start",
};
