import * as vscode from "vscode";
import { LanguageService } from "./language/language-service.js";
import { Command } from "./names.js";
import { activateTracing } from "./tracing.js";

/**
 * Two halves that do not know each other: the language client, which shows what the analysis finds in the source,
 * and the trace, which shows what the locks do while a program runs.
 */
export function activate(context: vscode.ExtensionContext): void {
  const output = vscode.window.createOutputChannel("Lockscope", { log: true });
  const language = new LanguageService(context, output);
  context.subscriptions.push(
    output,
    language,
    activateTracing(context, output),
    vscode.commands.registerCommand(Command.restartServer, () => language.restart()),
    vscode.commands.registerCommand(Command.showOutput, () => output.show()),
  );
}
