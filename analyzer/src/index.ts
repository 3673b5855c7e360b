/** The analyzer: source text in, findings out. */
export type * from "./api.js";
export { isRuleLevel, type RuleLevel, ruleLevels } from "./config/levels.js";
export { applyEdits } from "./edits.js";
export { ruleInfo, ruleInfos } from "./rules/page.js";
export { serveCrew } from "./threads/serve.js";
export { openWorkspace } from "./workspace.js";
