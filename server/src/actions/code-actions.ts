import type { Finding, TextEdit } from "@lockscope/analyzer";
import {
  type CodeAction,
  CodeActionKind,
  type CodeActionParams,
  type Diagnostic,
} from "vscode-languageserver/node";
import type { ClientFeatures } from "../protocol/client-features.js";
import type { OpenDocuments } from "../workspace/documents.js";
import { firstSafeFix, fixAllEdits } from "./fix-all.js";
import { touch } from "./ranges.js";
import { openRuleCommand } from "./rule-page.js";
import { suppressionEdit, unusedSuppression } from "./suppress.js";
import { toWorkspaceEdit } from "./workspace-edit.js";

export const fixAllKind = `${CodeActionKind.SourceFixAll}.lockscope`;

export interface CodeActionContext {
  readonly features: ClientFeatures;
  readonly documents: OpenDocuments;
  readonly toDiagnostic: (finding: Finding) => Diagnostic;
}

/** What can be done about the findings at a range, asked of the findings that hold for the text as it is now. */
export function codeActions(
  params: CodeActionParams,
  file: string,
  findings: readonly Finding[],
  context: CodeActionContext,
): CodeAction[] {
  const here = findings.filter((finding) => touch(finding.range, params.range));
  const actions: CodeAction[] = [];
  if (wanted(params, CodeActionKind.QuickFix)) {
    for (const finding of here) actions.push(...quickFixes(finding, context));
    for (const finding of oncePer(here, ({ rule, range }) => `${rule}:${range.start.line}`)) {
      actions.push(...suppression(finding, context));
    }
    for (const finding of oncePer(here, ({ rule }) => rule)) actions.push(...rulePage(finding, context));
  }
  const asked = params.context.only !== undefined;
  if (wanted(params, fixAllKind) && (asked || here.length > 0)) {
    const edits = fixAllEdits(file, findings);
    if (edits.length > 0) actions.push(fixAll(edits, context));
  }
  return actions;
}

/** `only: ["source.fixAll"]` asks for `source.fixAll.lockscope` too: kinds are hierarchical. */
function wanted({ context: { only } }: CodeActionParams, kind: string): boolean {
  return only === undefined || only.some((asked) => asked === "" || `${kind}.`.startsWith(`${asked}.`));
}

/** Two findings of one rule on a line are suppressed by one comment and explained by one page. */
function oncePer(findings: readonly Finding[], key: (finding: Finding) => string): Finding[] {
  return [...new Map(findings.map((finding) => [key(finding), finding])).values()];
}

function quickFixes(
  finding: Finding,
  { features, documents, toDiagnostic }: CodeActionContext,
): CodeAction[] {
  const preferred = firstSafeFix(finding);
  return finding.fixes.map((fix) => ({
    title: fix.title,
    kind: CodeActionKind.QuickFix,
    diagnostics: [toDiagnostic(finding)],
    edit: toWorkspaceEdit(fix.edits, features, documents),
    ...(fix === preferred && { isPreferred: true }),
  }));
}

function suppression(
  finding: Finding,
  { features, documents, toDiagnostic }: CodeActionContext,
): CodeAction[] {
  const document = documents.of(finding.file);
  if (document === undefined || finding.rule === unusedSuppression) return [];
  const edit = suppressionEdit(finding, document.getText());
  return [
    {
      title: `Suppress ${finding.rule} on this line`,
      kind: CodeActionKind.QuickFix,
      diagnostics: [toDiagnostic(finding)],
      edit: toWorkspaceEdit([edit], features, documents),
    },
  ];
}

function rulePage(finding: Finding, { features, toDiagnostic }: CodeActionContext): CodeAction[] {
  const diagnostic = toDiagnostic(finding);
  const url = diagnostic.codeDescription?.href;
  if (!features.showDocument || url === undefined) return [];
  const title = `Show documentation of ${finding.rule}`;
  return [
    {
      title,
      kind: CodeActionKind.QuickFix,
      diagnostics: [diagnostic],
      command: { title, command: openRuleCommand, arguments: [finding.rule] },
    },
  ];
}

function fixAll(edits: TextEdit[], { features, documents }: CodeActionContext): CodeAction {
  return {
    title: "Fix all safely fixable Lockscope problems",
    kind: fixAllKind,
    edit: toWorkspaceEdit(edits, features, documents),
  };
}
