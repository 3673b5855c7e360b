import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import * as vscode from "vscode";
import { fixture, runToEnd, traceOnDebug, workspace } from "./debug-run.js";
import { outside } from "./outside.js";
import { poll } from "./poll.js";
import { pollPanel } from "./trace-view.js";
import { folder } from "./workspace.js";

/** Debugs a program of `node_modules`, a test runner. */
const runner = (file: string, ...args: string[]) => ({
  ...fixture("tests"),
  name: file,
  program: join(folder, "node_modules", file),
  args,
  cwd: join(folder, "debug", "tests"),
});

/** Starts a program outside the editor that a debugger may attach to. */
async function inspectable(file: string): Promise<{ end(): Promise<unknown>; port: number }> {
  const child = spawn(process.execPath, ["--inspect=127.0.0.1:0", join(folder, "debug", file)], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const exit = once(child, "exit");
  let said = "";
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });
  const text = await poll(
    "the inspector's port",
    () => said,
    (all) => /127\.0\.0\.1:\d+/.test(all),
  );
  const end = () => {
    child.kill("SIGKILL");
    return exit;
  };
  return { end, port: Number(/127\.0\.0\.1:(\d+)/.exec(text)![1]) };
}

const sessionsInPanel = async () => (await outside.panelElements("select option")).join("; ");

describe("the trace of", () => {
  before(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));
  beforeEach(() => traceOnDebug(true));

  it("tests run by node:test, which runs them in a process of their own", async () => {
    await runToEnd(() =>
      vscode.debug.startDebugging(workspace, { ...fixture("tests/node.mjs"), runtimeArgs: ["--test"] }),
    );
    await pollPanel("node:test's lock", "ended");
  });

  it("tests run by mocha", async () => {
    await runToEnd(() => vscode.debug.startDebugging(workspace, runner("mocha/bin/mocha.js", "mocha.mjs")));
    await pollPanel("mocha's lock", "ended");
  });

  it("tests run by vitest, in a pool of processes", async () => {
    const { output } = await runToEnd(() =>
      vscode.debug.startDebugging(workspace, runner("vitest/vitest.mjs", "run", "--root", ".")),
    );
    assert.match(output, /1 passed/);
    // The pool ends its processes by a signal, which lets them say no last word.
    await pollPanel("vitest's lock", "ended|broken off");
  });

  it("a program with worker threads: one trace with the locks of both", async () => {
    await runToEnd(() => vscode.debug.startDebugging(workspace, fixture("worker.mjs")));
    await pollPanel("the main thread's lock", "the worker's lock", "ended");
    assert.equal((await sessionsInPanel()).match(/worker\.mjs/g)?.length ?? 1, 1);
  });

  it("a program that runs already, once the debugger attaches to it", async () => {
    const { end, port } = await inspectable("server.mjs");
    try {
      const attached = { type: "node", request: "attach", name: "attached", port, address: "127.0.0.1" };
      await vscode.debug.startDebugging(workspace, attached);
      await pollPanel("live", "server\\.mjs", "beat");
      const early = (await outside.panelEvents()) ?? 0;
      await poll(
        "more events",
        () => outside.panelEvents(),
        (events) => (events ?? 0) > early,
      );
      await outside.screenshot("attached");
      await vscode.commands.executeCommand("lockscope.detachTrace");
      await pollPanel("ended|detached");
    } finally {
      await vscode.debug.stopDebugging();
      await end();
    }
  });

  it("a program that runs already: none while the setting is off, until the user asks for it", async () => {
    await traceOnDebug(false);
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    const { end, port } = await inspectable("server.mjs");
    try {
      const attached = { type: "node", request: "attach", name: "attached", port, address: "127.0.0.1" };
      await vscode.debug.startDebugging(workspace, attached);
      const session = await poll(
        "the session of the process",
        () => vscode.debug.activeDebugSession,
        (active) => active?.parentSession !== undefined,
      );
      const { result } = await session!.customRequest("evaluate", {
        expression: 'globalThis[Symbol.for("@lockscope/sync")].instrument === null',
      });
      assert.equal(result, "true");
      assert.equal(await outside.panelText(), null);
      await vscode.commands.executeCommand("lockscope.attachTrace");
      await pollPanel("live", "beat");
    } finally {
      await vscode.debug.stopDebugging();
      await end();
    }
  });

  it("a program that is restarted: a new one beside the old one", async () => {
    await vscode.debug.startDebugging(workspace, fixture("server.mjs"));
    await pollPanel("live", "server\\.mjs", "heart");
    const first = (await outside.panelText())?.match(/server\.mjs \(\d+\)/)?.[0];
    await vscode.commands.executeCommand("workbench.action.debug.restart");
    await poll("a second session", sessionsInPanel, (list) => {
      const names = list.match(/server\.mjs \(\d+\)/g) ?? [];
      return names.some((name) => name !== first) && names.some((name) => name === first);
    });
    await pollPanel("live", "heart");
    await vscode.debug.stopDebugging();
  });

  it("two programs at once: each can be looked at", async () => {
    await vscode.debug.startDebugging(workspace, fixture("server.mjs"));
    await pollPanel("live", "heart");
    await runToEnd(() => vscode.debug.startDebugging(workspace, fixture("parent.mjs")));
    await pollPanel("parent's lock", "ended");
    assert.match(await sessionsInPanel(), /server\.mjs.*parent\.mjs/);
    await vscode.debug.stopDebugging();
  });
});
