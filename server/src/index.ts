export type { AnalyzerPort } from "./session.js";
export { startServer } from "./start.js";
