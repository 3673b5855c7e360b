import assert from "node:assert/strict";
import * as vscode from "vscode";
import { runToEnd, traceOnDebug, workspace } from "./debug-run.js";
import { outside } from "./outside.js";
import { poll } from "./poll.js";
import { pollPanel, pollTree } from "./trace-view.js";
import { edit, open, replace } from "./workspace.js";

/** The counts above a document's lines, as `line: text`. */
async function lenses(document: vscode.TextDocument): Promise<string[]> {
  const all = await vscode.commands.executeCommand<vscode.CodeLens[]>(
    "vscode.executeCodeLensProvider",
    document.uri,
    100,
  );
  return all
    .filter(({ command }) => command?.command.startsWith("lockscope."))
    .map(({ range, command }) => `${range.start.line + 1}: ${command?.title}`);
}

const lineOf = (document: vscode.TextDocument, text: string) =>
  document.positionAt(document.getText().indexOf(text)).line + 1;

async function hoverAt(document: vscode.TextDocument, text: string, word: string): Promise<string> {
  const at = document.getText().indexOf(text) + text.indexOf(word);
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>(
    "vscode.executeHoverProvider",
    document.uri,
    document.positionAt(at),
  );
  return hovers
    .flatMap(({ contents }) => contents)
    .map((content) => (typeof content === "string" ? content : content.value))
    .join("\n");
}

describe("the source of a traced program", () => {
  let document: vscode.TextDocument;

  before(async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await traceOnDebug(true);
    document = await open("deadlock/transfer.ts");
    await runToEnd(() => vscode.debug.startDebugging(workspace, "Deadlock: transfer.ts"));
  });

  after(() => vscode.commands.executeCommand("workbench.action.closeAllEditors"));

  it("says above a line how often a lock was taken there, and how long the waits were", async () => {
    const [first, second] = [
      lineOf(document, "await from.mu.lock()"),
      lineOf(document, "await to.mu.lock()"),
    ];
    const found = await poll(
      "the counts",
      () => lenses(document),
      (all) => all.length >= 2,
    );
    assert.ok(found.includes(`${first}: held 2 times`), found.join("; "));
    assert.ok(
      found.some((text) => text.startsWith(`${second}: waited 2 times`) && text.includes("2 waiting now")),
      found.join("; "),
    );
    await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    await poll(
      "the counts to be seen",
      () => outside.windowElements(".codelens-decoration"),
      (shown) => shown.some((text) => text.includes("held 2 times")),
    );
    await outside.screenshot("code-lens");
  });

  it("has its counts where the lines are by now", async () => {
    const line = lineOf(document, "await from.mu.lock()");
    await edit(document, new vscode.Position(0, 0), "// a new line\n\n");
    const moved = await lenses(document);
    assert.ok(moved.includes(`${line + 2}: held 2 times`), moved.join("; "));
    await replace(document, new vscode.Range(0, 0, 2, 0), "");
    const back = await lenses(document);
    assert.ok(back.includes(`${line}: held 2 times`), back.join("; "));
  });

  it("leads from a line to its events in the trace view", async () => {
    const editor = await vscode.window.showTextDocument(document, vscode.ViewColumn.One);
    const line = lineOf(document, "await to.mu.lock()");
    editor.selection = new vscode.Selection(line - 1, 0, line - 1, 0);
    await vscode.commands.executeCommand("lockscope.showLineEvents");
    await pollPanel(`transfer\\.ts:${line}`);
    await outside.screenshot("line-events");
  });

  it("says over a lock who has it, who waits, and what the analysis has found", async () => {
    const hover = await poll(
      "the hover",
      () => hoverAt(document, "from.mu.lock()", "mu"),
      (text) => text.includes("held by"),
    );
    for (const part of ["alice", "bob", "Mutex", "has waited", "with a wait", "transfer"]) {
      assert.ok(hover.includes(part), `${part} is missing in: ${hover}`);
    }
    assert.match(hover, /lock\\-order/);
  });

  it("has its locks in the tree, which leads back to it", async () => {
    await vscode.commands.executeCommand("workbench.view.debug");
    await vscode.commands.executeCommand("lockscope.locks.focus");
    await pollTree(
      /^Deadlock *alice pays bob → bob pays alice/,
      /^alice *Mutex · held by alice pays bob/,
      /^Tasks/,
    );
    await outside.screenshot("locks-view");
  });

  it("has no counts while they are switched off, and none of a session that is over with", async () => {
    const settings = vscode.workspace.getConfiguration("lockscope.trace");
    await settings.update("codeLens", false, vscode.ConfigurationTarget.Workspace);
    assert.deepEqual(await lenses(document), []);
    await settings.update("codeLens", undefined, vscode.ConfigurationTarget.Workspace);
    assert.notDeepEqual(await lenses(document), []);
  });
});
