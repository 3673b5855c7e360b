/** Names that the manifest (the root `package.json`) and the code share; a test holds them together. */
export const Command = {
  runWithTrace: "lockscope.runWithTrace",
  showTrace: "lockscope.showTrace",
  restartServer: "lockscope.restartServer",
  showOutput: "lockscope.showOutput",
} as const;

/** The settings' section, and the id under which the language client looks for `lockscope.trace.server`. */
export const SECTION = "lockscope";

export const TRACE_VIEW = "lockscope.trace";

/** The languages that are analysed, by VS Code's ids: `.mts` and `.cts` are "typescript". */
export const LANGUAGES = ["typescript", "typescriptreact", "javascript", "javascriptreact"] as const;

/** The types of debug session that run Node: what launch files say, and what the debugger makes of it. */
export const DEBUG_TYPES = ["node", "pwa-node"] as const;
