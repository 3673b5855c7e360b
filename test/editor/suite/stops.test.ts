import * as vscode from "vscode";
import { runToEnd, traceOnDebug, workspace } from "./debug-run.js";
import { outside } from "./outside.js";
import { pollPanel, pollTree } from "./trace-view.js";
import { open } from "./workspace.js";

describe("a program at a breakpoint", () => {
  before(async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await traceOnDebug(true);
  });

  after(() => vscode.debug.removeBreakpoints(vscode.debug.breakpoints));

  it("has the state of its locks at that moment in the trace view and in the tree, its task marked", async () => {
    const document = await open("deadlock/transfer.ts");
    const line = document.positionAt(document.getText().indexOf("await to.mu.lock()")).line;
    const place = new vscode.Location(document.uri, new vscode.Position(line, 0));
    vscode.debug.addBreakpoints([new vscode.SourceBreakpoint(place)]);
    await vscode.commands.executeCommand("workbench.view.debug");
    const over = runToEnd(() => vscode.debug.startDebugging(workspace, "Deadlock: transfer.ts"));
    await pollPanel("breakpoint", "alice pays bob");
    await vscode.commands.executeCommand("lockscope.locks.focus");
    await pollTree(/^alice *Mutex · held by alice pays bob/, /^alice pays bob *stopped here/);
    await outside.screenshot("breakpoint");
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
    await vscode.commands.executeCommand("workbench.action.debug.continue");
    await over;
    await pollPanel("deadlock", "stuck|for ever");
  });
});
