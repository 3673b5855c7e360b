import assert from "node:assert/strict";
import * as vscode from "vscode";
import { outside } from "./outside.js";
import { poll } from "./poll.js";
import {
  diagnostics,
  edit,
  mistake,
  mistakenLine,
  open,
  pitfalls,
  pollFindings,
  revert,
  wanted,
} from "./workspace.js";

describe("findings", () => {
  for (const pitfall of pitfalls) {
    it(`of ${pitfall}/wrong.ts are where they belong`, async () => {
      const document = await open(`${pitfall}/wrong.ts`);
      assert.notEqual(wanted(document).length, 0);
      await pollFindings(document, wanted(document));
    });

    it(`of ${pitfall}/right.ts: none, but that of a mistake typed into it`, async () => {
      const document = await open(`${pitfall}/right.ts`);
      const end = document.lineAt(document.lineCount - 1).range.end;
      await edit(document, end, `\n${mistake.join("\n")}\n`);
      await pollFindings(document, [`${end.line + 2 + mistakenLine} missing-unlock`]);
      await revert(document);
      await pollFindings(document, []);
    });
  }

  it("say why, lead to the places concerned and to the rule's page", async () => {
    const document = await open("missing-unlock/wrong.ts");
    await pollFindings(document, wanted(document));
    const [finding] = diagnostics(document.uri);
    assert.match(finding!.message, /\w/);
    assert.notEqual(finding!.relatedInformation?.length ?? 0, 0);
    assert.ok(typeof finding!.code === "object");
    assert.match(finding!.code.target.toString(), /missing-unlock/);
    const [hover] = await vscode.commands.executeCommand<vscode.Hover[]>(
      "vscode.executeHoverProvider",
      document.uri,
      finding!.range.start,
    );
    assert.ok(hover !== undefined);
  });

  it("are seen by a person: a squiggle, its message, the problems", async () => {
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await vscode.commands.executeCommand("workbench.files.action.collapseExplorerFolders");
    const document = await open("missing-unlock/wrong.ts");
    await pollFindings(document, wanted(document));
    const [finding] = diagnostics(document.uri);
    await vscode.commands.executeCommand("workbench.actions.view.problems");
    const editor = await vscode.window.showTextDocument(document);
    editor.selection = new vscode.Selection(finding!.range.start, finding!.range.start);
    editor.revealRange(finding!.range, vscode.TextEditorRevealType.InCenter);
    await vscode.commands.executeCommand("editor.action.showHover");
    await poll(
      "the hover to say what is wrong and to offer a fix",
      () => outside.windowElements(".monaco-hover"),
      (hovers) =>
        hovers.some((text) => text.includes(finding!.message.slice(0, 20)) && /Quick Fix/.test(text)),
    );
    const squiggles = await outside.windowElements(".squiggly-error");
    assert.notEqual(squiggles.length, 0);
    await outside.screenshot("findings");
    await vscode.commands.executeCommand("workbench.action.closePanel");
  });
});
