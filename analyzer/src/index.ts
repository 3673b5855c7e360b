/** The analyzer: source text in, findings out. */
export type * from "./api.js";
export { ruleInfo, ruleInfos } from "./rules/page.js";
export { openWorkspace } from "./workspace.js";
