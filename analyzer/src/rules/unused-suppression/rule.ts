import type { Rule } from "../rule.js";
import { doc, sources } from "./doc.js";

/** Its findings come from the suppressions themselves, once all other rules have run: `suppressions.ts`. */
export const unusedSuppression: Rule = {
  id: "unused-suppression",
  title: "A suppression that suppresses nothing",
  severity: "warning",
  doc,
  sources,
  run: () => [],
};
