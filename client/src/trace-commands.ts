import type { HostToViewer } from "@lockscope/trace";
import * as vscode from "vscode";
import type { AttachHook } from "./debug/attach-hook.js";
import { dumpActive } from "./debug/dump.js";
import { idOf, type LockBreakpoints } from "./debug/lock-breakpoints.js";
import { askWhenTakenWhileHeld, askWhenWaited } from "./debug/lock-stops.js";
import { runActiveFile } from "./debug/run-active-file.js";
import type { TracedRuns } from "./debug/traced-runs.js";
import { type TracedDocuments, tracedName } from "./editing/traced-documents.js";
import type { LocksView } from "./locks/locks-view.js";
import { Command, OwnCommand } from "./names.js";
import { attempt } from "./view/attempt.js";
import { openPlace, type Place } from "./view/open-place.js";
import type { SessionInFocus } from "./view/session-in-focus.js";
import type { TracePanel } from "./view/trace-panel.js";

export interface CommandSurroundings {
  readonly panel: TracePanel;
  readonly focus: SessionInFocus;
  readonly tree: LocksView;
  readonly attaching: AttachHook;
  readonly runs: TracedRuns;
  readonly breakpoints: LockBreakpoints;
  readonly traced: TracedDocuments;
  readonly output: vscode.LogOutputChannel;
}

/** What the user can ask of the trace, from the palette, the tree, a lens or a hover. */
export function commandsOf(surroundings: CommandSurroundings): vscode.Disposable[] {
  const { panel, focus, tree, attaching, runs, breakpoints, traced, output } = surroundings;
  const showInView = (message: HostToViewer) => {
    if (focus.viewer !== undefined) focus.viewer.show(message);
    else panel.show(focus.session, message);
  };
  const showPlaceEvents = (file: string, line: number) => showInView({ type: "focus-place", file, line });
  /** The tree's commands are told an element; from the palette there is none. */
  const nodeOf = (id?: string) => (id === undefined ? undefined : tree.find(id));
  const lockOf = (id?: string) => {
    const node = nodeOf(id);
    const lock = node?.kind === "breakpoint" ? undefined : node?.lock;
    return lock === undefined ? undefined : focus.session?.store.live.findLock(lock)?.name;
  };

  const commands: Record<string, (...args: never[]) => unknown> = {
    [Command.runWithTrace]: runActiveFile,
    [Command.attachTrace]: () => attempt(output, () => attaching.attachToActive()),
    [Command.detachTrace]: () => attempt(output, () => attaching.detachFromActive()),
    [Command.showTrace]: () => panel.show(),
    [Command.dumpTrace]: () => attempt(output, () => dumpActive(runs)),
    [Command.compareTrace]: () => attempt(output, () => (focus.viewer ?? panel).compareWithFile()),
    [Command.selectTrace]: () => selectTrace(panel, focus),
    [Command.showLineEvents]: () => attempt(output, () => showLineEvents(traced, showPlaceEvents)),
    [Command.showInTrace]: (id?: string) => {
      const node = nodeOf(id);
      if (node === undefined || node.kind === "breakpoint") return;
      if (node.lock !== undefined) showInView({ type: "focus-lock", id: node.lock });
      else if (node.task !== undefined) showInView({ type: "focus-task", id: node.task });
    },
    [Command.breakWhenWaited]: (id?: string) => askWhenWaited(breakpoints, focus, lockOf(id)),
    [Command.breakWhenTakenWhileHeld]: (id?: string) => askWhenTakenWhileHeld(breakpoints, focus, lockOf(id)),
    [Command.removeLockBreakpoint]: (id?: string) => {
      const node = nodeOf(id);
      if (node?.kind === "breakpoint") breakpoints.remove(idOf(node.breakpoint));
    },
    [Command.removeLockBreakpoints]: () => breakpoints.clear(),
    [OwnCommand.goTo]: (place: Place) => attempt(output, () => openPlace(place, panel.column)),
    [OwnCommand.showPlaceEvents]: showPlaceEvents,
  };
  return Object.entries(commands).map(([name, run]) => vscode.commands.registerCommand(name, run));
}

async function selectTrace(panel: TracePanel, { programs }: SessionInFocus): Promise<void> {
  const items = programs.all.map((session) => ({
    label: session.info.name,
    description: session.end === undefined ? "live" : "ended",
    session,
  }));
  const chosen = await vscode.window.showQuickPick(items, { title: "Show the lock trace of" });
  if (chosen !== undefined) panel.show(chosen.session);
}

async function showLineEvents(
  traced: TracedDocuments,
  show: (file: string, line: number) => void,
): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  if (editor === undefined) return;
  const { document, selection } = editor;
  const line = traced.lineThen(document.uri, selection.active.line);
  if (traced.session === undefined || line === undefined) {
    void vscode.window.showInformationMessage("Lockscope: there is no trace of this line.");
  } else {
    show(await tracedName(document.uri), line + 1);
  }
}
