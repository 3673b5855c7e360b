/** The third column of docs/architecture.md's room table: who may import whom. */
const room = (name, allowed, why) => ({
  name: `${name}-imports`,
  comment: why,
  severity: "error",
  from: { path: `^${name}/src` },
  to: {
    path: "^(primitives|trace|analyzer|server|client|viewer|cli|test|bench|examples)/",
    pathNot: `^(${[name, ...allowed].join("|")})/`,
  },
});

module.exports = {
  forbidden: [
    {
      name: "no-circle",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    room("trace", [], "the trace room knows nobody: it runs in Node, in a webview and in a browser"),
    room("analyzer", [], "source text in, findings out"),
    room("primitives", ["trace"], "the library ships its own event writer"),
    room("server", ["analyzer"], "LSP on one side, the analyzer on the other"),
    room("client", ["trace"], "the VS Code side"),
    room("viewer", ["trace"], "a web page"),
    room("cli", ["analyzer", "server", "primitives", "trace", "viewer"], "everything but the editor"),
    {
      name: "library-core-knows-no-trace",
      comment: "Only the instrument may import the event writer; users who do not trace never load it.",
      severity: "error",
      from: { path: "^primitives/src", pathNot: "^primitives/src/instrument/" },
      to: { path: "^trace/" },
    },
    {
      name: "trace-and-viewer-know-no-node",
      severity: "error",
      from: { path: "^(trace|viewer)/src", pathNot: "\\.test\\.ts$" },
      to: { dependencyTypes: ["core"] },
    },
    {
      name: "only-server-knows-lsp",
      severity: "error",
      from: { path: "^(analyzer|primitives|trace|viewer|cli)/src" },
      to: { path: "vscode-language" },
    },
    {
      name: "only-client-knows-vscode",
      severity: "error",
      from: { path: "^(analyzer|primitives|trace|viewer|cli|server)/src" },
      to: { path: "^vscode$" },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "(/dist/|testdata|\\.test\\.ts$|\\.bench\\.ts$)" },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["@lockscope/source", "import", "default", "types"],
    },
  },
};
