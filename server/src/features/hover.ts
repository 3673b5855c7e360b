import type { HoverInfo } from "@lockscope/analyzer";
import { type Hover, MarkupKind } from "vscode-languageserver/node";

export function toHover(info: HoverInfo | undefined): Hover | null {
  if (info === undefined) return null;
  return { contents: { kind: MarkupKind.Markdown, value: info.markdown }, range: info.range };
}
