import { conflicts } from "../../facts/path.js";
import { reacquisitions } from "../reentrancy.js";
import type { Rule } from "../rule.js";
import { doc, sources } from "./doc.js";

export const reentrantLock: Rule = {
  id: "reentrant-lock",
  title: "The task waits for itself",
  severity: "error",
  doc,
  sources,
  run: (context) =>
    reacquisitions(
      context,
      (found) => conflicts(found.hold.mode, found.mode),
      "the task waits for itself for ever",
    ),
};
