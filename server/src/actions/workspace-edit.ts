import type { TextEdit } from "@lockscope/analyzer";
import type { WorkspaceEdit } from "vscode-languageserver/node";
import type { ClientFeatures } from "../protocol/client-features.js";
import type { OpenDocuments } from "../workspace/documents.js";

/** Edits as the client takes them: tied to the versions of its open documents where it understands that. */
export function toWorkspaceEdit(
  edits: readonly TextEdit[],
  features: ClientFeatures,
  documents: OpenDocuments,
): WorkspaceEdit {
  const byFile = new Map<string, { range: TextEdit["range"]; newText: string }[]>();
  for (const { file, range, newText } of edits) {
    const list = byFile.get(file) ?? [];
    list.push({ range, newText });
    byFile.set(file, list);
  }
  const files = [...byFile];
  if (features.versionedEdits) {
    return {
      documentChanges: files.map(([file, edits]) => ({
        textDocument: { uri: documents.uriOf(file), version: documents.of(file)?.version ?? null },
        edits,
      })),
    };
  }
  return { changes: Object.fromEntries(files.map(([file, edits]) => [documents.uriOf(file), edits])) };
}
