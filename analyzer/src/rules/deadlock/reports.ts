import { type Finding, stuckStatesOf } from "../../search/index.js";
import type { Report, RuleContext } from "../rule.js";
import { message, notes } from "./messages.js";

/** Causes of which a task that is stuck at a channel is only the effect. */
const causes = new Set([
  "missing-unlock",
  "reentrant-lock",
  "lock-order",
  "blocking-while-locked",
  "waitgroup-missing-done",
  "cond-never-signalled",
  "nil-channel",
  "lost-cancel",
  "task-outlives-test",
]);

/** What the search has proved of the kind that a rule speaks of. */
export function* proven(
  { file, snapshot }: Pick<RuleContext, "file" | "snapshot">,
  blame: "stuck-channel" | "blocking-while-locked",
): Iterable<Report> {
  for (const finding of stuckStatesOf(file, snapshot)) {
    if (finding.blame !== blame) continue;
    const report = describe(finding);
    yield blame === "stuck-channel"
      ? { ...report, unlessSaid: { rules: causes, places: finding.places, around: undefined } }
      : report;
  }
}

export function describe(finding: Finding): Report {
  return { node: finding.node, message: message(finding), related: notes(finding) };
}
