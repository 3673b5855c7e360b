import assert from "node:assert/strict";
import * as vscode from "vscode";
import { poll } from "./poll.js";
import {
  edit,
  findings,
  mistake,
  mistakenLine,
  open,
  pollFindings,
  replace,
  revert,
  wanted,
} from "./workspace.js";

describe("while typing", () => {
  it("a syntax error loses none of the other findings", async () => {
    const document = await open("missing-unlock/wrong.ts");
    await pollFindings(document, wanted(document));
    // Two places at once: while the text does not parse, what was found in it stands where it is now.
    const end = document.lineAt(document.lineCount - 1).range.end;
    await edit(document, end, "\nfunction broken( {\n  const = ;\n");
    await edit(document, new vscode.Position(0, 0), `${mistake.join("\n")}\n`);
    await pollFindings(document, wanted(document));
    // Mended, and the new mistake is found too.
    const broken = document.positionAt(document.getText().indexOf("\nfunction broken("));
    const rest = new vscode.Range(broken, document.lineAt(document.lineCount - 1).range.end);
    await replace(document, rest, "\n");
    await pollFindings(document, [`${1 + mistakenLine} missing-unlock`, ...wanted(document)]);
    await revert(document);
    await pollFindings(document, wanted(document));
  });

  it("findings follow keystroke after keystroke", async () => {
    const document = await open("missing-await/right.ts");
    const editor = await vscode.window.showTextDocument(document);
    const call = /await (?=[\w.]+\.lock\(\))/.exec(document.getText());
    assert.ok(call !== null);
    const start = document.positionAt(call.index);
    editor.selection = new vscode.Selection(start, document.positionAt(call.index + call[0].length));
    await vscode.commands.executeCommand("deleteLeft");
    await poll(
      "the missing await to be found",
      () => findings(document),
      (found) => found.some((finding) => finding === `${start.line + 1} missing-await`),
    );
    for (const text of "await ") await vscode.commands.executeCommand("type", { text });
    await pollFindings(document, []);
    await revert(document);
  });

  it("closing a file takes its findings away", async () => {
    const document = await open("missing-unlock/wrong.ts");
    await pollFindings(document, wanted(document));
    await vscode.commands.executeCommand("workbench.action.closeAllEditors");
    await poll(
      "no findings of a closed file",
      () => findings(document),
      (found) => found.length === 0,
    );
  });

  it("the analysis can be switched off and on", async () => {
    const document = await open("missing-unlock/wrong.ts");
    await pollFindings(document, wanted(document));
    const settings = vscode.workspace.getConfiguration("lockscope", document.uri);
    await settings.update("enable", false, vscode.ConfigurationTarget.Workspace);
    await pollFindings(document, []);
    await settings.update("enable", undefined, vscode.ConfigurationTarget.Workspace);
    await pollFindings(document, wanted(document));
  });

  it("the server can be restarted", async () => {
    const document = await open("missing-unlock/wrong.ts");
    await pollFindings(document, wanted(document));
    await vscode.commands.executeCommand("lockscope.restartServer");
    await pollFindings(document, wanted(document));
  });
});
