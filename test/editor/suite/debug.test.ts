import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { runToEnd } from "./debug-run.js";
import { outside } from "./outside.js";
import { poll } from "./poll.js";
import { folder, open } from "./workspace.js";

const workspace = vscode.workspace.workspaceFolders![0]!;

function traceOnDebug(value: boolean): Thenable<void> {
  return vscode.workspace
    .getConfiguration("lockscope.trace")
    .update("onDebug", value, vscode.ConfigurationTarget.Workspace);
}

const environmentPrinter = {
  type: "node",
  request: "launch",
  name: "environment",
  program: join(folder, "debug", "environment.mjs"),
  console: "internalConsole",
  outputCapture: "std",
  env: { NODE_OPTIONS: "--no-deprecation" },
};

const traceTabs = () =>
  vscode.window.tabGroups.all
    .flatMap(({ tabs }) => tabs)
    .filter(
      ({ input }) => input instanceof vscode.TabInputWebview && input.viewType.includes("lockscope.trace"),
    );

function pollPanel(...texts: (string | RegExp)[]): Promise<string | null> {
  return poll(
    `the trace view to show ${texts.join(", ")}`,
    () => outside.panelText(),
    (shown) => shown !== null && texts.every((text) => new RegExp(text, "i").test(shown)),
    30_000,
  );
}

describe("a debugged program", () => {
  before(async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
  });

  it("is left as it is while the setting is off", async () => {
    await traceOnDebug(false);
    const { output } = await runToEnd(() => vscode.debug.startDebugging(workspace, environmentPrinter));
    assert.match(output, /traced: false false false/);
    assert.match(output, /own option kept: true/);
    assert.equal(traceTabs().length, 0);
  });

  it("gets the trace, and keeps its own options, while the setting is on", async () => {
    await traceOnDebug(true);
    const { output } = await runToEnd(() => vscode.debug.startDebugging(workspace, environmentPrinter));
    assert.match(output, /traced: true true true/);
    assert.match(output, /own option kept: true/);
    assert.equal(traceTabs().length, 1);
    const [, address] = /trace at: pipe:(.*)/.exec(output) ?? [];
    assert.ok(address !== undefined);
    await poll(
      "the socket to be closed after the last run",
      () => existsSync(address),
      (open) => !open,
    );
  });

  it("that deadlocks: the trace view and a notification say who waits for whom", async () => {
    await vscode.commands.executeCommand("notifications.clearAll");
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await open("deadlock/transfer.ts");
    await traceOnDebug(true);
    await runToEnd(() => vscode.debug.startDebugging(workspace, "Deadlock: transfer.ts"));
    const shown = await pollPanel("alice pays bob", "bob pays alice", "deadlock", "transfer\\.ts:\\d+");
    assert.match(shown!, /rates/);
    await vscode.commands.executeCommand("notifications.showList");
    const told = await poll(
      "the notification",
      () => outside.notifications(),
      (notifications) => notifications.some((text) => /Deadlock in transfer\.ts/.test(text)),
    );
    const text = told.find((one) => one.includes("Deadlock"))!;
    for (const part of [
      '"alice pays bob"',
      '"bob pays alice"',
      'Mutex "alice"',
      'Mutex "bob"',
      "Go to transfer.ts:",
    ]) {
      assert.ok(text.includes(part), `${part} is missing in: ${text}`);
    }
    await outside.screenshot("deadlock-notification");
    await vscode.commands.executeCommand("notifications.clearAll");
    await vscode.commands.executeCommand("workbench.action.closePanel");
    await outside.screenshot("trace");
  });

  it("is run by the command too, from the file in the editor", async () => {
    await traceOnDebug(false);
    await vscode.commands.executeCommand("notifications.clearAll");
    await open("deadlock/ordered.ts");
    const { output } = await runToEnd(() => vscode.commands.executeCommand("lockscope.runWithTrace"));
    assert.match(output, /alice has 85, bob has 145|alice has/);
    await pollPanel("ordered\\.ts", "alice pays bob");
    await vscode.commands.executeCommand("notifications.showList");
    assert.deepEqual(
      (await outside.notifications()).filter((text) => text.includes("Deadlock")),
      [],
    );
  });

  it("with 100,000 lock operations arrives complete in the trace view", async () => {
    await open("hundred-thousand/locks.ts");
    const { output } = await runToEnd(() => vscode.commands.executeCommand("lockscope.runWithTrace"));
    await outside.say(output.trim().replace(/^/gm, "    "));
    await pollPanel("locks\\.ts");
    // Each operation is a lock and its unlock; contention adds to that.
    await poll(
      "all events in the trace view",
      () => outside.panelEvents(),
      (events) => events !== null && events >= 200_000,
      30_000,
    );
    assert.doesNotMatch((await outside.panelText()) ?? "", /dropped|lost/i);
    await outside.screenshot("hundred-thousand");
  });
});
