import { setTimeout as delay } from "node:timers/promises";
import * as vscode from "vscode";
import { answer } from "./answer.js";
import { AS_LONG_AS_THE_TEST, fixture, pollStopped, runToEnd, traceOnDebug, workspace } from "./debug-run.js";
import { outside } from "./outside.js";
import { poll } from "./poll.js";
import { pollPanel, pollTree } from "./trace-view.js";
import { open } from "./workspace.js";

const keepMegabytes = (value: number | undefined) =>
  vscode.workspace
    .getConfiguration("lockscope.trace")
    .update("ringMegabytes", value, vscode.ConfigurationTarget.Workspace);

/** How many deliveries of the program the trace view has to choose from; of a single one it shows the name alone. */
const deliveriesOf = async (pid: string) => {
  const sessions = await outside.panelElements("select option");
  return Math.max(1, sessions.filter((name) => name.includes(`(${pid})`)).length);
};

describe("a program that keeps its last events in its memory", () => {
  before(async () => {
    await traceOnDebug(true);
    await keepMegabytes(1);
  });

  beforeEach(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));

  afterEach(async () => {
    vscode.debug.removeBreakpoints(vscode.debug.breakpoints);
    await vscode.commands.executeCommand("lockscope.removeLockBreakpoints");
    await vscode.debug.stopDebugging();
  });

  after(async () => {
    await keepMegabytes(undefined);
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });

  it("delivers them by a command, and by a button of the trace view", async () => {
    const over = runToEnd(
      () => vscode.debug.startDebugging(workspace, fixture("server.mjs")),
      AS_LONG_AS_THE_TEST,
    );
    await poll(
      "the events, asked for as soon as the program has some",
      async () => {
        // One that has just begun may never answer; and who asks on and on fills the list of what is kept.
        await Promise.race([vscode.commands.executeCommand("lockscope.dumpTrace"), delay(2000)]);
        return outside.panelText();
      },
      (shown) => /server\.mjs \(\d+\)[\s\S]*it goes on[\s\S]*heart/.test(shown ?? ""),
      60_000,
    );
    await outside.screenshot("ring-dump");
    const { result: pid } = await vscode.debug.activeDebugSession!.customRequest("evaluate", {
      expression: "process.pid",
    });
    const before = await deliveriesOf(pid);
    await outside.clickInPanel('button:has-text("Get latest events")');
    await poll(
      "a second delivery",
      () => deliveriesOf(pid),
      (count) => count > before,
    );
    await vscode.debug.stopDebugging();
    await over;
  });

  it("delivers them when it comes to a breakpoint, and shows the state there", async () => {
    const document = await open("debug/ledger.mjs");
    const line = document.positionAt(document.getText().indexOf("await sleep(pause)")).line;
    const place = new vscode.Location(document.uri, new vscode.Position(line, 0));
    vscode.debug.addBreakpoints([new vscode.SourceBreakpoint(place)]);
    await vscode.commands.executeCommand("workbench.view.debug");
    const over = runToEnd(
      () => vscode.debug.startDebugging(workspace, fixture("ledger.mjs")),
      AS_LONG_AS_THE_TEST,
    );
    await pollPanel("ledger\\.mjs", "Stopped by the debugger \\(breakpoint\\) in slow clerk");
    await vscode.commands.executeCommand("lockscope.locks.focus");
    await pollTree(/^ledger *Mutex · held by slow clerk/, /^slow clerk *stopped here/);
    await outside.screenshot("ring-breakpoint");
    await vscode.debug.stopDebugging();
    await over;
  });

  it("delivers them when a lock breakpoint stops it, which says why", async () => {
    await open("debug/ledger.mjs");
    const set = vscode.commands.executeCommand("lockscope.breakWhenWaited");
    await answer(/lock that is waited for/, "ledger");
    await answer(/waited for longer than/, "50");
    await set;
    const over = runToEnd(
      () => vscode.debug.startDebugging(workspace, fixture("ledger.mjs")),
      AS_LONG_AS_THE_TEST,
    );
    await pollStopped();
    await pollPanel("Stopped by the debugger \\(.*ledger.*waited for longer than 50 ms\\) in quick clerk");
    await vscode.debug.stopDebugging();
    await over;
  });
});
