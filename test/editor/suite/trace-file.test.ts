import assert from "node:assert/strict";
import { appendFile, readdir, readFile, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import * as vscode from "vscode";
import { outside } from "./outside.js";
import { poll } from "./poll.js";
import { record } from "./record.js";
import { pollPanel } from "./trace-view.js";
import { folder } from "./workspace.js";

const show = (file: string) => vscode.commands.executeCommand("vscode.open", vscode.Uri.file(file));

describe("a trace file", () => {
  before(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));
  afterEach(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));

  it("opens in the same view, and leads to the source beside it", async () => {
    const file = join(folder, "transfer.locktrace");
    await record("deadlock/transfer.ts", file);
    await show(file);
    await pollPanel("transfer\\.locktrace", "deadlock", "alice pays bob");
    await outside.screenshot("trace-file");
    const places = await outside.panelElements(".place");
    assert.ok(places.length > 0);
    await outside.clickInPanel(".place");
    await poll(
      "the editor to go to the source",
      () => basename(vscode.window.activeTextEditor?.document.fileName ?? ""),
      (name) => /^(transfer|bank)\.ts$/.test(name),
    );
  });

  it("shows the state of the past where the cursor of the timeline is", async () => {
    await show(join(folder, "transfer.locktrace"));
    await pollPanel("State of now");
    const [lanes] = await outside.panelElements(".timeline-panel");
    const [, from, to] = /([\d.]+) ms to ([\d.]+) ms/.exec(lanes ?? "") ?? [];
    await outside.clickInPanel(".timeline-panel input");
    await outside.press("Control+A");
    await outside.type(`${((Number(from) + Number(to)) / 2).toFixed(3)} ms`);
    await outside.press("Enter");
    await pollPanel("State at \\d");
    await outside.screenshot("scrubbed");
  });

  it("is saved where the user says, in the form that was asked for", async () => {
    const dialogs = vscode.workspace.getConfiguration("files.simpleDialog");
    await dialogs.update("enable", true, vscode.ConfigurationTarget.Global);
    await show(join(folder, "transfer.locktrace"));
    await pollPanel("deadlock");
    await outside.clickInPanel("#save");
    await outside.clickInPanel('#save-menu button:has-text("Perfetto")');
    const [suggested] = await poll(
      "the question where to",
      () => outside.windowElements(".quick-input-widget"),
      (shown) => shown.length > 0,
    );
    await outside.press("Enter");
    const saved = await poll(
      `the file, after ${suggested}`,
      async () => (await readdir(folder)).find((name) => /transfer.*\.json$/.test(name)),
      (name) => name !== undefined,
    );
    const { traceEvents } = JSON.parse(await readFile(join(folder, saved!), "utf8"));
    assert.ok(traceEvents.length > 50, `${traceEvents.length} events`);
    await dialogs.update("enable", undefined, vscode.ConfigurationTarget.Global);
  });

  it("is compared with another one that the user chooses, also when its view is hidden and shown", async () => {
    const dialogs = vscode.workspace.getConfiguration("files.simpleDialog");
    await dialogs.update("enable", true, vscode.ConfigurationTarget.Global);
    const other = join(folder, "ordered.locktrace");
    await record("deadlock/ordered.ts", other);
    await show(join(folder, "transfer.locktrace"));
    await pollPanel("deadlock");
    const compared = vscode.commands.executeCommand("lockscope.compareTrace");
    await poll(
      "the question with which",
      () => outside.windowElements(".quick-input-widget"),
      (shown) => shown.length > 0,
    );
    await outside.press("Control+A");
    await outside.type(other);
    await outside.press("Enter");
    await compared;
    const changes = ["Before: ordered\\.locktrace", "After: transfer\\.locktrace", "alice"];
    await pollPanel(...changes);
    await outside.screenshot("compared");
    const readme = vscode.Uri.file(join(folder, "README.md"));
    await vscode.commands.executeCommand("vscode.open", readme, { preview: false });
    await poll(
      "the trace view to be hidden",
      () => outside.panelText(),
      (shown) => shown === null,
    );
    await vscode.commands.executeCommand("workbench.action.closeActiveEditor");
    await pollPanel(...changes);
    await dialogs.update("enable", undefined, vscode.ConfigurationTarget.Global);
  });

  it("is followed while it grows", async () => {
    const whole = await readFile(join(folder, "transfer.locktrace"));
    // The batch before the last, which is empty, has the program's end.
    const half = whole.lastIndexOf("LSB1", whole.lastIndexOf("LSB1") - 1);
    const file = join(folder, "growing.locktrace");
    await writeFile(file, whole.subarray(0, half));
    await show(file);
    await pollPanel("live", "growing\\.locktrace");
    const early = await outside.panelEvents();
    await appendFile(file, whole.subarray(half));
    await poll(
      "the rest of the events",
      () => outside.panelEvents(),
      (events) => events !== null && events > early!,
    );
    await pollPanel("ended stuck", "deadlock");
  });

  it("that is damaged shows what can be read of it, and why no more", async () => {
    const [whole, damaged] = [join(folder, "transfer.locktrace"), join(folder, "damaged.locktrace")];
    await writeFile(damaged, await readFile(whole));
    await appendFile(damaged, "<script>alert(1)</script>".repeat(10));
    await show(damaged);
    await pollPanel("damaged\\.locktrace", "magic number", "alice");
    await outside.screenshot("damaged-file");
  });

  it("that is none says so", async () => {
    const file = join(folder, "none.locktrace");
    await writeFile(file, "hello\n");
    await show(file);
    await pollPanel("not a readable trace");
  });
});
