import * as vscode from "vscode";
import { DebugHook } from "./debug/debug-hook.js";
import { runActiveFile } from "./debug/run-active-file.js";
import { LanguageService } from "./language/language-service.js";
import { Command, DEBUG_TYPES, TRACE_VIEW } from "./names.js";
import { announceStuckTasks } from "./panel/announce.js";
import { TracePanel } from "./panel/trace-panel.js";
import { Sessions } from "./trace/sessions.js";
import { TraceServer } from "./trace/trace-server.js";

/**
 * Two halves that do not know each other: the language client, which shows what the analysis finds in the source,
 * and the trace, which shows what the locks do while a program runs.
 */
export function activate(context: vscode.ExtensionContext): void {
  const output = vscode.window.createOutputChannel("Lockscope", { log: true });
  const language = new LanguageService(context, output);

  const sessions = new Sessions();
  const traces = new TraceServer(sessions, (message) => output.warn(message));
  const panel = new TracePanel(context.extensionUri, sessions, output);
  const debug = new DebugHook(context.asAbsolutePath("dist/register/register.mjs"), traces, panel, output);
  sessions.on("added", (session) => announceStuckTasks(session, panel));

  context.subscriptions.push(
    output,
    language,
    panel,
    debug,
    { dispose: () => void traces.dispose() },
    ...DEBUG_TYPES.map((type) => vscode.debug.registerDebugConfigurationProvider(type, debug)),
    vscode.window.registerWebviewPanelSerializer(TRACE_VIEW, panel),
    vscode.commands.registerCommand(Command.runWithTrace, runActiveFile),
    vscode.commands.registerCommand(Command.showTrace, () => panel.show()),
    vscode.commands.registerCommand(Command.restartServer, () => language.restart()),
    vscode.commands.registerCommand(Command.showOutput, () => output.show()),
  );
}
