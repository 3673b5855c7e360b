import { join } from "node:path";
import * as vscode from "vscode";
import { AttachHook } from "./debug/attach-hook.js";
import { DebugHook } from "./debug/debug-hook.js";
import { dumpRows } from "./debug/dump.js";
import { LockBreakpoints } from "./debug/lock-breakpoints.js";
import { LockStops } from "./debug/lock-stops.js";
import { StoppedPrograms } from "./debug/stopped-programs.js";
import { TracedRuns } from "./debug/traced-runs.js";
import { LineLenses } from "./editing/line-lenses.js";
import { LockHover } from "./editing/lock-hover.js";
import { TracedDocuments } from "./editing/traced-documents.js";
import { LocksView } from "./locks/locks-view.js";
import { DEBUG_TYPES, LANGUAGES, TRACE_EDITOR, TRACE_VIEW } from "./names.js";
import { KeptTrace } from "./trace/kept-trace.js";
import { Sessions } from "./trace/sessions.js";
import { TraceServer } from "./trace/trace-server.js";
import { commandsOf } from "./trace-commands.js";
import { AlarmSettings } from "./view/alarm-settings.js";
import { announceAlarms } from "./view/announce.js";
import { attempt } from "./view/attempt.js";
import { Findings } from "./view/findings.js";
import { Remarks } from "./view/remarks.js";
import { SessionInFocus } from "./view/session-in-focus.js";
import { showStop } from "./view/show-stop.js";
import { TraceEditor } from "./view/trace-editor.js";
import type { PageSurroundings } from "./view/trace-page.js";
import { TracePanel } from "./view/trace-panel.js";

const documents = LANGUAGES.map((language) => ({ scheme: "file", language }));

/** The trace's half of the extension: where traces come from, what knows about them, where they are shown. */
export function activateTracing(
  context: vscode.ExtensionContext,
  output: vscode.LogOutputChannel,
): vscode.Disposable {
  const register = context.asAbsolutePath("dist/register/register.mjs");
  const sessions = new Sessions();
  const server = new TraceServer(sessions, (message) => output.warn(message));
  const focus = new SessionInFocus(sessions);

  const runs = new TracedRuns();
  const breakpoints = new LockBreakpoints(context.workspaceState);
  const stops = new StoppedPrograms(runs, sessions, output);
  const lockStops = new LockStops(breakpoints, runs, output);

  const alarmSettings = new AlarmSettings(stops);
  const findings = new Findings(() => [sessions.current, focus.session].filter((one) => one !== undefined));
  const remarks = new Remarks(stops, findings);
  const surroundings: PageSurroundings = {
    extension: context.extensionUri,
    output,
    remarks,
    dump: ({ prelude }) => dumpRows(prelude.token, runs),
  };
  const kept = new KeptTrace(context.storageUri && join(context.storageUri.fsPath, "trace"));
  const panel = new TracePanel(sessions, kept, surroundings);
  const editor = new TraceEditor(focus, alarmSettings, surroundings);

  const show = () => panel.show();
  const launching = new DebugHook(register, server, runs, breakpoints, show, output);
  const attaching = new AttachHook(register, server, runs, lockStops, show, output);

  const traced = new TracedDocuments(focus, stops);
  const lenses = new LineLenses(traced);
  const tree = new LocksView(focus, stops, breakpoints);
  stops.onDidStopAtLock(({ session, mark }) =>
    attempt(output, () => showStop(session, mark, panel, register)),
  );
  sessions.on("added", alarmSettings.watch);
  sessions.on("added", (session) => announceAlarms(session, panel));

  return vscode.Disposable.from(
    ...[panel, attaching, tree, lenses, traced, remarks, findings, alarmSettings, lockStops, stops, runs],
    { dispose: () => void server.dispose() },
    ...DEBUG_TYPES.flatMap((type) => [
      vscode.debug.registerDebugConfigurationProvider(type, launching),
      vscode.debug.registerDebugAdapterTrackerFactory(type, stops),
    ]),
    vscode.window.registerWebviewPanelSerializer(TRACE_VIEW, panel),
    vscode.window.registerCustomEditorProvider(TRACE_EDITOR, editor, {
      supportsMultipleEditorsPerDocument: true,
    }),
    vscode.languages.registerCodeLensProvider(documents, lenses),
    vscode.languages.registerHoverProvider(documents, new LockHover(traced)),
    ...commandsOf({ panel, focus, tree, attaching, runs, breakpoints, traced, output }),
  );
}
