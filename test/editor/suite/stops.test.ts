import { basename } from "node:path";
import * as vscode from "vscode";
import { answer } from "./answer.js";
import { AS_LONG_AS_THE_TEST, fixture, pollStopped, runToEnd, traceOnDebug, workspace } from "./debug-run.js";
import { outside } from "./outside.js";
import { poll } from "./poll.js";
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
    const over = runToEnd(
      () => vscode.debug.startDebugging(workspace, "Deadlock: transfer.ts"),
      AS_LONG_AS_THE_TEST,
    );
    await pollPanel("breakpoint", "alice pays bob");
    await vscode.commands.executeCommand("lockscope.locks.focus");
    await pollTree(/^alice *Mutex · held by alice pays bob/, /^alice pays bob *stopped here/);
    await outside.screenshot("breakpoint");
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
    await vscode.debug.stopDebugging();
    await over;
    await pollPanel("broken off|ended");
  });
});

describe("a lock breakpoint", () => {
  beforeEach(async () => {
    await traceOnDebug(true);
    await open("debug/ledger.mjs");
  });

  afterEach(async () => {
    await vscode.commands.executeCommand("lockscope.removeLockBreakpoints");
    await vscode.debug.stopDebugging();
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });

  const goesOn = () =>
    poll(
      "the program to go on",
      () => outside.panelText(),
      (shown) => shown !== null && !shown.includes("Stopped by the debugger"),
    );

  it("stops a program when a lock is waited for too long, and leads to the lock's state", async () => {
    const set = vscode.commands.executeCommand("lockscope.breakWhenWaited");
    await answer(/lock that is waited for/, "ledger");
    await answer(/waited for longer than/, "50");
    await set;
    await vscode.commands.executeCommand("workbench.view.debug");
    const over = runToEnd(
      () => vscode.debug.startDebugging(workspace, fixture("ledger.mjs")),
      AS_LONG_AS_THE_TEST,
    );
    await pollStopped();
    await pollPanel("stopped", "ledger.*waited", "quick clerk");
    await vscode.commands.executeCommand("lockscope.locks.focus");
    await pollTree(
      /^ledger *Mutex · held by slow clerk/,
      /^Stop when ledger is waited for longer than 50 ms/,
    );
    await poll(
      "the editor to show where the task waits",
      () => vscode.window.visibleTextEditors.map(({ document }) => basename(document.fileName)).join(),
      (files) => files === "ledger.mjs",
    );
    await outside.screenshot("lock-breakpoint");
    await vscode.commands.executeCommand("lockscope.removeLockBreakpoints");
    await vscode.commands.executeCommand("workbench.action.debug.continue");
    await goesOn();
    await vscode.debug.stopDebugging();
    await over;
  });

  it("that is set while the program runs stops it when a lock is taken while another is held", async () => {
    const over = runToEnd(
      () => vscode.debug.startDebugging(workspace, fixture("ledger.mjs")),
      AS_LONG_AS_THE_TEST,
    );
    await pollPanel("live", "slow clerk");
    const set = vscode.commands.executeCommand("lockscope.breakWhenTakenWhileHeld");
    await answer(/lock that is taken/, "rates");
    await answer(/held while rates is taken/, "ledger");
    await set;
    await pollStopped();
    await pollPanel("stopped", 'rates" is taken while "ledger" is held');
    await vscode.commands.executeCommand("lockscope.removeLockBreakpoints");
    await vscode.commands.executeCommand("workbench.action.debug.continue");
    await goesOn();
    await vscode.debug.stopDebugging();
    await over;
  });
});
