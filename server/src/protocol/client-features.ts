import { type ClientCapabilities, DiagnosticTag } from "vscode-languageserver/node";

/** What this client can do, read once from its capabilities; everything else asks these plain facts. */
export interface ClientFeatures {
  /** The client asks for diagnostics; otherwise they are published to it. */
  readonly pullDiagnostics: boolean;
  readonly refreshDiagnostics: boolean;
  readonly relatedInformation: boolean;
  readonly unnecessaryTag: boolean;
  readonly codeActionLiterals: boolean;
  /** Edits may name the version of the document that they were made for. */
  readonly versionedEdits: boolean;
  /** The client opens a URL for us. */
  readonly showDocument: boolean;
  readonly watchFiles: boolean;
  readonly workspaceFolders: boolean;
  readonly configuration: boolean;
  readonly registerConfiguration: boolean;
}

export function clientFeatures({ textDocument, workspace, window }: ClientCapabilities): ClientFeatures {
  const pull = textDocument?.diagnostic;
  const shown = pull?.relatedInformation == null ? textDocument?.publishDiagnostics : pull;
  const tags = pull?.tagSupport ?? textDocument?.publishDiagnostics?.tagSupport;
  return {
    pullDiagnostics: Boolean(pull),
    refreshDiagnostics: workspace?.diagnostics?.refreshSupport === true,
    relatedInformation: shown?.relatedInformation === true,
    unnecessaryTag: tags?.valueSet?.includes(DiagnosticTag.Unnecessary) === true,
    codeActionLiterals: Boolean(textDocument?.codeAction?.codeActionLiteralSupport),
    versionedEdits: workspace?.workspaceEdit?.documentChanges === true,
    showDocument: window?.showDocument?.support === true,
    watchFiles: workspace?.didChangeWatchedFiles?.dynamicRegistration === true,
    workspaceFolders: workspace?.workspaceFolders === true,
    configuration: workspace?.configuration === true,
    registerConfiguration: workspace?.didChangeConfiguration?.dynamicRegistration === true,
  };
}
