import { readdirSync } from "node:fs";
import { join } from "node:path";
import * as vscode from "vscode";
import { poll } from "./poll.js";

/** The copy of the examples that this window has open. */
export const folder = vscode.workspace.workspaceFolders![0]!.uri.fsPath;

/** The folders with a pitfall: each has a `wrong.ts` and a `right.ts`. */
export const pitfalls = readdirSync(folder, { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== "node_modules")
  .map(({ name }) => name)
  .filter((name) => readdirSync(join(folder, name)).includes("wrong.ts"));

export async function open(file: string): Promise<vscode.TextDocument> {
  const document = await vscode.workspace.openTextDocument(vscode.Uri.file(join(folder, file)));
  await vscode.window.showTextDocument(document, { preview: true, viewColumn: vscode.ViewColumn.One });
  return document;
}

/** What Lockscope has found in a document, as `line rule`, in order. */
export function findings({ uri }: vscode.TextDocument): string[] {
  return diagnostics(uri)
    .map((finding) => `${finding.range.start.line + 1} ${ruleOf(finding)}`)
    .sort((a, b) => Number.parseInt(a, 10) - Number.parseInt(b, 10));
}

export function diagnostics(uri: vscode.Uri): vscode.Diagnostic[] {
  return vscode.languages.getDiagnostics(uri).filter(({ source }) => source?.toLowerCase() === "lockscope");
}

export function ruleOf({ code }: vscode.Diagnostic): string {
  return String(typeof code === "object" ? code.value : code);
}

/** What the marks in a document (`// want: rule-id`) say is to be found there. */
export function wanted(document: vscode.TextDocument): string[] {
  return document
    .getText()
    .split("\n")
    .flatMap((line, index) => {
      const rules = /\/\/ want: ([a-z-]+(?:,\s*[a-z-]+)*)/.exec(line)?.[1]?.split(/,\s*/) ?? [];
      return rules.map((rule) => `${index + 1} ${rule}`);
    });
}

export function pollFindings(document: vscode.TextDocument, expected: readonly string[]): Promise<string[]> {
  return poll(
    `findings in ${vscode.workspace.asRelativePath(document.uri)} (${expected.join(", ") || "none"})`,
    () => findings(document),
    (found) => JSON.stringify(found) === JSON.stringify(expected),
  );
}

export async function replace(
  document: vscode.TextDocument,
  range: vscode.Range,
  text: string,
): Promise<void> {
  const change = new vscode.WorkspaceEdit();
  change.replace(document.uri, range, text);
  await vscode.workspace.applyEdit(change);
}

export async function edit(document: vscode.TextDocument, at: vscode.Position, text: string): Promise<void> {
  const change = new vscode.WorkspaceEdit();
  change.insert(document.uri, at, text);
  await vscode.workspace.applyEdit(change);
}

/** Undoes all changes since the document was saved. */
export async function revert(document: vscode.TextDocument): Promise<void> {
  await vscode.window.showTextDocument(document, { viewColumn: vscode.ViewColumn.One });
  await vscode.commands.executeCommand("workbench.action.files.revert");
}

/** Lines to type into a program that has no such mistake. */
export const mistake = [
  'import { Mutex as Slip } from "@lockscope/sync";',
  "const slip = new Slip();",
  "export async function mistake() {",
  "  await slip.lock();",
  "}",
];
/** The index of the line that a finding is expected in. */
export const mistakenLine = 3;
