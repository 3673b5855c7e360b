import { rules } from "./index.js";

/** The ids of all rules, in the order of the catalogue. */
export function ruleIds(): readonly string[] {
  return rules.map(({ id }) => id);
}
