import type { PlainRule, TypedRule } from "../rule.js";
import { doc, sources } from "./doc.js";
import { droppedWork } from "./dropped.js";
import { returnedTooEarly } from "./plain.js";
import { returnedWork } from "./returned.js";

export const escapingSection: TypedRule & PlainRule = {
  id: "escaping-section",
  title: "Work outlives the lock that it was started under",
  severity: "warning",
  doc,
  sources,
  *run(context) {
    for (const unit of context.units) {
      yield* returnedWork(unit, context);
      yield* droppedWork(unit, context);
    }
  },
  plain: returnedTooEarly,
};
