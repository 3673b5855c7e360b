import { stuckStatesOf } from "../../search/index.js";
import type { Rule } from "../rule.js";
import { doc, sources } from "./doc.js";
import { describe } from "./reports.js";

/** Findings of these, at a place that plays a part, are about the same defect. */
const morePrecise = new Set([
  "missing-unlock",
  "unlock-not-in-finally",
  "reentrant-lock",
  "recursive-read-lock",
  "lock-order",
  "missing-await",
  "blocking-while-locked",
  "lock-in-finally",
  "local-lock",
  "waitgroup-add-in-task",
  "waitgroup-add-after-wait",
  "waitgroup-missing-done",
  "waitgroup-negative",
  "waitgroup-reuse",
  "cond-wait-unlocked",
  "cond-wait-no-loop",
  "cond-never-signalled",
  "once-reentrant",
  "nil-channel",
  "stuck-channel",
  "range-over-unclosed",
  "context-ignored",
  "semaphore-over-acquire",
  "callback-under-lock",
  "nested-permit",
]);

export const deadlock: Rule = {
  id: "deadlock",
  title: "Tasks that wait for each other for ever",
  severity: "error",
  doc,
  sources,
  *run({ file, snapshot }) {
    for (const finding of stuckStatesOf(file, snapshot)) {
      const { blame, tasks, places, entry } = finding;
      if (blame === "stuck-channel" || blame === "blocking-while-locked") continue;
      const unlessSaid =
        blame === "deadlock"
          ? { rules: morePrecise, places: tasks.map(({ wait }) => wait.site), around: undefined }
          : { rules: morePrecise, places, around: entry };
      yield { ...describe(finding), unlessSaid };
    }
  },
};
