export { bareClient, pullClient, pushClient } from "./client-capabilities.js";
export { LspClient } from "./lsp-client.js";
