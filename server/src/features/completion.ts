import type { CompletionInfo } from "@lockscope/analyzer";
import { type CompletionItem, CompletionItemKind, MarkupKind } from "vscode-languageserver/node";

const kinds = { tag: CompletionItemKind.Keyword, lock: CompletionItemKind.Reference } as const;

export function toCompletion(
  { label, detail, documentation, kind, range }: CompletionInfo,
  index: number,
): CompletionItem {
  return {
    label,
    detail,
    documentation: { kind: MarkupKind.Markdown, value: documentation },
    kind: kinds[kind],
    // Editors sort by the label, and match what is typed against the filter.
    sortText: String(index).padStart(3, "0"),
    filterText: label,
    textEdit: { range, newText: label },
  };
}
