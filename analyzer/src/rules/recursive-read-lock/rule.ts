import { isReadInRead, reacquisitions } from "../reentrancy.js";
import type { Rule } from "../rule.js";
import { doc, sources } from "./doc.js";

export const recursiveReadLock: Rule = {
  id: "recursive-read-lock",
  title: "A read lock inside a read lock",
  severity: "warning",
  doc,
  sources,
  run: (context) =>
    reacquisitions(context, isReadInRead, "a writer that waits in between blocks both for ever"),
};
