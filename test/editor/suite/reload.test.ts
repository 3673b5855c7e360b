import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { fixture, runToEnd, traceOnDebug, workspace } from "./debug-run.js";
import { outside } from "./outside.js";
import { poll } from "./poll.js";
import { record } from "./record.js";
import { pollPanel, traceTabs } from "./trace-view.js";
import { folder, open } from "./workspace.js";

/** Each life of the window finds what the one before has left; the tests' own memory is gone like everybody's. */
export const reload = {
  /** The tests have left the window as its next life is to find it. */
  wanted: false,
  define(life: number): void {
    const tests = lives[life - 1];
    if (tests !== undefined) describe("a window that is reloaded", tests);
  },
};

/** What one life leaves to the next, in a file. */
interface Legacy {
  readonly look: Look;
  /** The traced program, as the panel names it, and where it sent its trace. */
  readonly program: string;
  readonly socket: string;
}

const legacyFile = join(folder, "before-reload.json");
const legacy = (): Legacy => JSON.parse(readFileSync(legacyFile, "utf8"));

/** All that the user has done to the trace view. */
interface Look {
  readonly filter: readonly string[];
  readonly cursor: readonly string[];
  readonly tab: readonly string[];
  readonly events: readonly string[];
  readonly view: readonly string[];
}

async function look(): Promise<Look> {
  return {
    filter: await outside.panelValues("input.filter"),
    cursor: await outside.panelValues("#cursor-time"),
    tab: await outside.panelElements('[role="tab"][aria-selected="true"]'),
    events: await outside.panelElements("#event-count"),
    view: await outside.panelElements("#lanes-summary"),
  };
}

/** For {@link pollPanel}, which takes patterns. */
const escaped = (program: string) => program.replace(/[()]/g, "\\$&");

const pollLook = (expected: Look) =>
  poll("the trace view as it was left", look, (now) => JSON.stringify(now) === JSON.stringify(expected));

/** Puts the cursor in the middle, picks a lock out, selects a range, zooms, filters, and turns to the events. */
async function workOn(lock: string): Promise<Look> {
  const lanes = await pollPanel("State of now");
  const [, from, to, unit] = /([\d.]+) \w+ to ([\d.]+) (m?s):/.exec(lanes!) ?? [];
  await outside.clickInPanel("#cursor-time");
  await outside.press("Control+A");
  await outside.type(`${(Number(from) + Number(to)) / 2} ${unit}`);
  await outside.press("Enter");
  await pollPanel("State at \\d");
  await outside.clickInPanel('[role="tab"]:has-text("Locks")');
  await outside.clickInPanel(`#locks tr[data-lock="${lock}"] button.name`);
  await outside.clickInPanel('[aria-label="Zoom in"]');
  await outside.clickInPanel("input.filter");
  await outside.type(lock);
  await outside.press("Escape");
  await outside.clickInPanel('[role="tab"]:has-text("Events")');
  await pollPanel(`events of Mutex ${lock}`);
  const worked = await poll("the view to settle", look, ({ view }) => /State at \d/.test(view[0] ?? ""));
  assert.deepEqual(worked.filter, [lock]);
  return worked;
}

/** Shows the other one of two views in a column, as a click on its tab does. */
const showNeighbour = () => vscode.commands.executeCommand("workbench.action.nextEditorInGroup");

async function notifications(): Promise<string[]> {
  await vscode.commands.executeCommand("notifications.showList");
  const told = await outside.notifications();
  await vscode.commands.executeCommand("notifications.hideList");
  return told;
}

function leave(): void {
  before(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));

  it("was left with a trace file that is worked on, over the view of a program that runs", async () => {
    const file = join(folder, "reload.locktrace");
    await record("deadlock/transfer.ts", file);
    await traceOnDebug(true);
    await open("deadlock/transfer.ts");
    await vscode.debug.startDebugging(workspace, fixture("server.mjs"));
    await pollPanel("live", "server\\.mjs \\(\\d+\\)", "heart");
    const { result } = await vscode.debug.activeDebugSession!.customRequest("evaluate", {
      expression: '[process.pid, process.env.LOCKSCOPE_TRACE].join(" ")',
    });
    const [, pid, socket] = /(\d+) pipe:([^'"]*)/.exec(result) ?? [];
    assert.ok(socket !== undefined && existsSync(socket), result);
    const program = `server.mjs (${pid})`;
    await pollPanel("live", escaped(program));

    const beside = { viewColumn: vscode.ViewColumn.Two };
    await vscode.commands.executeCommand("vscode.open", vscode.Uri.file(file), beside);
    await pollPanel("reload\\.locktrace", "ended stuck");
    const left = await workOn("alice");
    await showNeighbour();
    await pollPanel("live", "heart");
    await showNeighbour();
    await pollLook(left);
    await vscode.commands.executeCommand("workbench.action.webview.reloadWebviewAction");
    await pollLook(left);
    await outside.screenshot("before-reload");
    await vscode.commands.executeCommand("notifications.clearAll");
    writeFileSync(legacyFile, JSON.stringify({ look: left, program, socket } satisfies Legacy));
    reload.wanted = true;
  });
}

function findFileAndLostProgram(): void {
  it("shows the trace file as it was", async () => {
    await pollPanel("reload\\.locktrace", "ended stuck");
    await pollLook(legacy().look);
    await outside.screenshot("reloaded-file");
  });

  it("has the trace of the program that ran, and says why it is over", async () => {
    const { program } = legacy();
    await showNeighbour();
    await pollPanel("broken off", escaped(program), "heart", "window was reloaded while");
    await outside.screenshot("reloaded-panel");
  });

  it("leaves no program, no socket and no complaint behind", async () => {
    const { program, socket } = legacy();
    assert.equal(vscode.debug.activeDebugSession, undefined);
    await poll(
      "the socket to be gone",
      () => existsSync(socket),
      (there) => !there,
    );
    const pid = Number(/\((\d+)\)/.exec(program)![1]);
    await poll(
      "the program to end",
      () => isRunning(pid),
      (running) => !running,
    );
    assert.deepEqual(
      (await notifications()).filter((text) => text.includes("Lockscope")),
      [],
    );
  });

  it("was left once more, with the view of a program that has ended", async () => {
    await runToEnd(() => vscode.debug.startDebugging(workspace, "Deadlock: transfer.ts"));
    const shown = await pollPanel("ended stuck", "transfer\\.ts \\(\\d+\\)", "deadlock");
    const [program] = /transfer\.ts \(\d+\)/.exec(shown!) ?? [];
    const left = await workOn("alice");
    await vscode.commands.executeCommand("notifications.clearAll");
    writeFileSync(
      legacyFile,
      JSON.stringify({ ...legacy(), look: left, program: program! } satisfies Legacy),
    );
    reload.wanted = true;
  });
}

function findEndedProgram(): void {
  it("shows the program that has ended as it was, and does not tell its deadlock again", async () => {
    const { look: left, program } = legacy();
    await pollPanel("ended stuck", escaped(program));
    await pollLook(left);
    await outside.screenshot("reloaded-ended");
    assert.deepEqual(
      (await notifications()).filter((text) => text.includes("Deadlock")),
      [],
    );
  });

  it("shows the next program in the same view", async () => {
    await runToEnd(() => vscode.debug.startDebugging(workspace, fixture("parent.mjs")));
    await pollPanel("Ended\\s", "parent\\.mjs", "3 events");
    assert.match((await outside.panelElements("select option")).join(), /transfer\.ts.*parent\.mjs/);
    await showNeighbour();
    await pollPanel("reload\\.locktrace");
    reload.wanted = true;
  });
}

function findHiddenPanel(): void {
  after(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));

  it("shows the next program in a view of its own, if nobody has looked at the old one", async () => {
    await pollPanel("reload\\.locktrace");
    await runToEnd(() => vscode.debug.startDebugging(workspace, fixture("worker.mjs")));
    await pollPanel("Ended\\s", "worker\\.mjs");
    assert.match((await outside.panelElements("select option")).join(), /parent\.mjs.*worker\.mjs/);
    assert.equal(traceTabs().length, 1);
  });
}

const lives = [leave, findFileAndLostProgram, findEndedProgram, findHiddenPanel];

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ESRCH") return false;
    throw error;
  }
}
