/** Names that the manifest (the root `package.json`) and the code share; a test holds them together. */
export const Command = {
  runWithTrace: "lockscope.runWithTrace",
  attachTrace: "lockscope.attachTrace",
  detachTrace: "lockscope.detachTrace",
  showTrace: "lockscope.showTrace",
  selectTrace: "lockscope.selectTrace",
  dumpTrace: "lockscope.dumpTrace",
  compareTrace: "lockscope.compareTrace",
  showLineEvents: "lockscope.showLineEvents",
  showInTrace: "lockscope.showInTrace",
  breakWhenWaited: "lockscope.breakWhenWaited",
  breakWhenTakenWhileHeld: "lockscope.breakWhenTakenWhileHeld",
  removeLockBreakpoint: "lockscope.removeLockBreakpoint",
  removeLockBreakpoints: "lockscope.removeLockBreakpoints",
  restartServer: "lockscope.restartServer",
  showOutput: "lockscope.showOutput",
} as const;

/** Commands of our own trees, lenses and hovers: nobody else can give what they need to be told. */
export const OwnCommand = {
  goTo: "lockscope.goTo",
  showPlaceEvents: "lockscope.showPlaceEvents",
} as const;

/** The settings' section, and the id under which the language client looks for `lockscope.trace.server`. */
export const SECTION = "lockscope";

/** The panel with the running programs' trace. */
export const TRACE_VIEW = "lockscope.trace";
/** The editor of `*.locktrace` files. */
export const TRACE_EDITOR = "lockscope.traceFile";
/** The tree in the Run and Debug side bar. */
export const LOCKS_VIEW = "lockscope.locks";

/** What the manifest's `when` clauses ask for. */
export const ContextKey = {
  /** There is a trace to tell of. */
  hasTrace: "lockscope.hasTrace",
  hasLockBreakpoints: "lockscope.hasLockBreakpoints",
} as const;

/** The languages that are analysed, by VS Code's ids: `.mts` and `.cts` are "typescript". */
export const LANGUAGES = ["typescript", "typescriptreact", "javascript", "javascriptreact"] as const;

/** The types of debug session that run Node: what launch files say, and what the debugger makes of it. */
export const DEBUG_TYPES = ["node", "pwa-node"] as const;
