import assert from "node:assert/strict";
import { existsSync } from "node:fs";
import { basename, join } from "node:path";
import * as vscode from "vscode";
import { fixture, runToEnd, traceOnDebug, workspace } from "./debug-run.js";
import { outside } from "./outside.js";
import { poll } from "./poll.js";
import { pollPanel, traceTabs } from "./trace-view.js";
import { folder, open } from "./workspace.js";

const environmentPrinter = {
  ...fixture("environment.mjs"),
  env: { NODE_OPTIONS: "--no-deprecation" },
};

/** As the command runs a TypeScript program, but without the trace. */
const untracedRun = (file: string) => ({
  ...environmentPrinter,
  name: file,
  program: join(folder, file),
  runtimeArgs: ["--enable-source-maps", "--import", "tsx"],
  cwd: folder,
  showAsyncStacks: false,
  env: {},
});

/** The link to the first place that the account of the deadlock names. */
const placeInPanel = "#deadlock .place";

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
      (notifications) => notifications.some((text) => /transfer\.ts: Deadlock/.test(text)),
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
    await vscode.commands.executeCommand("workbench.action.closeSidebar");

    const [place] = await outside.panelElements(placeInPanel);
    await outside.clickInPanel(placeInPanel);
    await poll(
      `the editor to go to ${place}`,
      () => {
        const editor = vscode.window.activeTextEditor;
        return editor && `${basename(editor.document.fileName)}:${editor.selection.active.line + 1}`;
      },
      (at) => at === place,
    );
    assert.equal(vscode.window.activeTextEditor?.viewColumn, vscode.ViewColumn.One);
    await outside.screenshot("trace");
  });

  it("is run by the command too, from the file in the editor", async () => {
    await traceOnDebug(false);
    await vscode.commands.executeCommand("notifications.clearAll");
    await open("deadlock/ordered.ts");
    const { output } = await runToEnd(() => vscode.commands.executeCommand("lockscope.runWithTrace"));
    assert.match(output, /alice has 85, bob has 145|alice has/);
    await pollPanel("ordered\\.ts", "ended", "alice", "bob");
    await vscode.commands.executeCommand("notifications.showList");
    assert.deepEqual(
      (await outside.notifications()).filter((text) => text.includes("Deadlock")),
      [],
    );
  });

  it("that runs: the trace view follows it live", async () => {
    await open("pipeline/main.ts");
    await Promise.all([
      runToEnd(() => vscode.commands.executeCommand("lockscope.runWithTrace")),
      pollPanel("live", "main\\.ts", "worker 1", "cache"),
    ]);
    await pollPanel("ended", "main\\.ts");
  });

  it("that starts another one: both can be looked at", async () => {
    await traceOnDebug(true);
    const { output } = await runToEnd(() => vscode.debug.startDebugging(workspace, fixture("parent.mjs")));
    assert.match(output, /child exited with 0/);
    await pollPanel("parent's lock", "ended");
    const programs = await outside.panelElements("select option");
    assert.ok(
      programs.some((name) => name.startsWith("child.mjs")),
      programs.join(),
    );
  });

  it("that is killed: what it has sent is shown, and that it broke off", async () => {
    await traceOnDebug(true);
    await runToEnd(() => vscode.debug.startDebugging(workspace, fixture("killed.mjs")));
    await pollPanel("held to the last", "broken off");
  });

  it("with 100,000 lock operations arrives complete in the trace view", async () => {
    await traceOnDebug(false);
    await open("hundred-thousand/locks.ts");
    const traced = await runToEnd(() => vscode.commands.executeCommand("lockscope.runWithTrace"));
    await pollPanel("locks\\.ts", "ended");
    // Each operation is a lock and its unlock; contention adds to that.
    await poll(
      "all events in the trace view",
      () => outside.panelEvents(),
      (events) => events !== null && events >= 200_000,
      30_000,
    );
    assert.doesNotMatch((await outside.panelText()) ?? "", /dropped|lost/i);
    await outside.screenshot("hundred-thousand");

    const untraced = await runToEnd(() =>
      vscode.debug.startDebugging(workspace, untracedRun("hundred-thousand/locks.ts"), { noDebug: true }),
    );
    const [on, off] = [traced, untraced].map(({ output }) => Number(/in ([\d.]+) ms/.exec(output)?.[1]));
    assert.ok(on! > 0 && off! > 0);
    const ratio = (on! / off!).toFixed(1);
    await outside.say(`    100,000 lock operations: ${off} ms untraced, ${on} ms traced: ratio ${ratio}`);

    const all = await outside.panelEvents();
    const cover = await vscode.workspace.openTextDocument(vscode.Uri.file(join(folder, "README.md")));
    await vscode.window.showTextDocument(cover, { viewColumn: vscode.ViewColumn.Two });
    await poll(
      "the trace view to be hidden",
      () => outside.panelEvents(),
      (events) => events === null,
    );
    await vscode.commands.executeCommand("lockscope.showTrace");
    await poll(
      "everything to be there again",
      () => outside.panelEvents(),
      (events) => events === all,
      30_000,
    );
  });
});
