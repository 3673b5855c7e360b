import assert from "node:assert/strict";
import { join } from "node:path";
import * as vscode from "vscode";
import { fixture, traceOnDebug, workspace } from "./debug-run.js";
import { outside } from "./outside.js";
import { poll } from "./poll.js";
import { record } from "./record.js";
import { pollPanel, traceTabs } from "./trace-view.js";
import { folder, open, pitfalls, pollFindings, wanted } from "./workspace.js";

describe("in Restricted Mode", () => {
  before(() => {
    assert.equal(vscode.workspace.isTrusted, false);
  });

  afterEach(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));

  it("mistakes are found all the same", async () => {
    const document = await open(join(pitfalls[0]!, "wrong.ts"));
    await pollFindings(document, wanted(document));
  });

  it("a trace file is shown", async () => {
    const file = join(folder, "restricted.locktrace");
    await record("deadlock/transfer.ts", file);
    await vscode.commands.executeCommand("vscode.open", vscode.Uri.file(file));
    await pollPanel("restricted\\.locktrace", "deadlock", "alice pays bob");
    await outside.screenshot("restricted");
  });

  it("nothing is run with the lock trace, and it is said why", async () => {
    await open("deadlock/ordered.ts");
    await vscode.commands.executeCommand("lockscope.runWithTrace");
    await vscode.commands.executeCommand("notifications.showList");
    await pollNotification(/Running a program with the lock trace needs a trusted workspace/);
    await outside.screenshot("restricted-run");
    assert.equal(vscode.debug.activeDebugSession, undefined);
    assert.equal(traceTabs().length, 0);
  });

  it("no program that is debugged is traced: asked to, the editor starts none", async () => {
    let started = false;
    const subscription = vscode.debug.onDidStartDebugSession(() => {
      started = true;
    });
    try {
      await traceOnDebug(true);
      // The editor asks first whether to trust the workspace: that stays unanswered.
      void vscode.debug.startDebugging(workspace, fixture("environment.mjs"));
      await vscode.commands.executeCommand("notifications.clearAll");
      await vscode.commands.executeCommand("lockscope.attachTrace");
      await vscode.commands.executeCommand("notifications.showList");
      await pollNotification(/Tracing a program needs a trusted workspace/);
      assert.equal(started, false);
      assert.equal(traceTabs().length, 0);
    } finally {
      subscription.dispose();
    }
  });
});

const pollNotification = (text: RegExp) =>
  poll(
    "the reason",
    () => outside.notifications(),
    (told) => told.some((one) => text.test(one)),
  );
