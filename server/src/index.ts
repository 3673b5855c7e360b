export type { AnalyzerPort } from "./session.js";
export { startServer } from "./start.js";
export { serveStdio } from "./stdio.js";
