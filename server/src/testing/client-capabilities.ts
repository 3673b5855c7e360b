import type { ClientCapabilities } from "vscode-languageserver-protocol";

const common: ClientCapabilities = {
  textDocument: {
    synchronization: {},
    publishDiagnostics: { relatedInformation: true, tagSupport: { valueSet: [1, 2] } },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ["", "quickfix", "source"] } } },
    hover: { contentFormat: ["markdown"] },
  },
  workspace: {
    workspaceFolders: true,
    configuration: true,
    workspaceEdit: { documentChanges: true },
  },
};

/** What VS Code says that matters to the server. */
export const pullClient: ClientCapabilities = {
  ...common,
  textDocument: { ...common.textDocument, diagnostic: { dynamicRegistration: true } },
  workspace: {
    ...common.workspace,
    diagnostics: { refreshSupport: true },
    didChangeWatchedFiles: { dynamicRegistration: true },
    didChangeConfiguration: { dynamicRegistration: true },
  },
  window: { showDocument: { support: true } },
};

/** What Neovim 0.7 says: no pull, no file watching, no showDocument. */
export const pushClient: ClientCapabilities = common;

/** The least a client can say. */
export const bareClient: ClientCapabilities = {};
