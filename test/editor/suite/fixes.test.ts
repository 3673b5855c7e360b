import assert from "node:assert/strict";
import * as vscode from "vscode";
import { outside } from "./outside.js";
import { poll } from "./poll.js";
import { diagnostics, findings, open, pitfalls, pollFindings, revert, ruleOf, wanted } from "./workspace.js";

/** The quick fixes that are offered where a finding is; those that only silence or explain it are left out. */
async function fixesFor(
  document: vscode.TextDocument,
  finding: vscode.Diagnostic,
): Promise<vscode.CodeAction[]> {
  const actions = await codeActions(document, finding.range);
  return actions.filter(({ title }) => !silencing.test(title) && !/documentation/i.test(title));
}

const silencing = /suppress|disable/i;

function codeActions(document: vscode.TextDocument, range: vscode.Range): Thenable<vscode.CodeAction[]> {
  return vscode.commands.executeCommand<vscode.CodeAction[]>(
    "vscode.executeCodeActionProvider",
    document.uri,
    range,
    vscode.CodeActionKind.QuickFix.value,
  );
}

/** How often each rule is broken, wherever. */
function countOf(document: vscode.TextDocument, rule: string): number {
  return findings(document).filter((finding) => finding.endsWith(` ${rule}`)).length;
}

/** Which of the calls should do without the lock is for a person to decide. */
const noFix = new Set(["reentrant-lock"]);

describe("quick fixes", () => {
  for (const pitfall of pitfalls.filter((name) => !noFix.has(name))) {
    it(`of ${pitfall}/wrong.ts: each makes its finding go`, async () => {
      const document = await open(`${pitfall}/wrong.ts`);
      const expected = wanted(document);
      await pollFindings(document, expected);
      let applied = 0;
      for (let index = 0; index < expected.length; index++) {
        const finding = diagnostics(document.uri)[index]!;
        const rule = ruleOf(finding);
        const titles = (await fixesFor(document, finding)).map(({ title }) => title);
        for (const title of titles) {
          const fix = (await fixesFor(document, diagnostics(document.uri)[index]!)).find(
            (offered) => offered.title === title,
          );
          assert.ok(fix?.edit, `"${title}" is no longer offered, or has no edit`);
          const before = countOf(document, rule);
          assert.ok(await vscode.workspace.applyEdit(fix.edit));
          await poll(
            `${rule} to go after "${title}"`,
            () => countOf(document, rule),
            (count) => count === before - 1,
          );
          await outside.say(`    ${rule}: ${title}`);
          await revert(document);
          await pollFindings(document, expected);
          applied++;
        }
      }
      assert.notEqual(applied, 0, "no fix is offered");
    });
  }

  it("suppression: a comment silences the finding, and is itself reported once it silences nothing", async () => {
    const document = await open("missing-unlock/wrong.ts");
    await pollFindings(document, wanted(document));
    const [finding] = diagnostics(document.uri);
    const suppress = (await codeActions(document, finding!.range)).find(({ title }) => silencing.test(title));
    assert.ok(suppress?.edit, "no suppression is offered");
    await vscode.workspace.applyEdit(suppress.edit);
    await poll(
      "the finding to be silenced",
      () => countOf(document, ruleOf(finding!)),
      (count) => count === 0,
    );
    const comment = document.lineAt(finding!.range.start.line);
    assert.match(comment.text, /lockscope-disable-next-line missing-unlock/);
    const dropped = new vscode.WorkspaceEdit();
    dropped.insert(document.uri, comment.range.end, "\n");
    await vscode.workspace.applyEdit(dropped);
    await poll(
      "the idle comment to be reported",
      () => findings(document),
      (found) => found.includes(`${comment.lineNumber + 1} unused-suppression`),
    );
    await revert(document);
  });
});
