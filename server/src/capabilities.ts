import { CodeActionKind, type InitializeResult, TextDocumentSyncKind } from "vscode-languageserver/node";
import manifest from "../package.json" with { type: "json" };
import { fixAllKind } from "./actions/code-actions.js";
import { openRuleCommand } from "./actions/rule-page.js";
import type { ClientFeatures } from "./protocol/client-features.js";

export function initializeResult(features: ClientFeatures): InitializeResult {
  return {
    serverInfo: { name: "Lockscope", version: manifest.version },
    capabilities: {
      textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental },
      hoverProvider: true,
      // The annotations of JSDoc comments: the tag, and the name behind it.
      completionProvider: { triggerCharacters: ["@", "#", "."] },
      codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, fixAllKind] },
      ...(features.showDocument && { executeCommandProvider: { commands: [openRuleCommand] } }),
      ...(features.pullDiagnostics && {
        diagnosticProvider: {
          identifier: "lockscope",
          interFileDependencies: true,
          workspaceDiagnostics: false,
        },
      }),
      workspace: { workspaceFolders: { supported: true, changeNotifications: true } },
    },
  };
}
