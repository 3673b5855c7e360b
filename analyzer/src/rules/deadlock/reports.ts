import { type Finding, type MisuseRule, misusesOf, stuckStatesOf } from "../../search/index.js";
import type { Report, RuleContext } from "../rule.js";
import { isExpectedToThrow } from "../tests.js";
import { message, notes, refusal, steps } from "./messages.js";

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

/** Mistakes of which an operation that throws in the same function is only the effect. */
const mistakes = new Set([
  "cond-wait-unlocked",
  "foreign-release",
  "mismatched-unlock",
  "missing-await",
  "waitgroup-add-in-task",
  "waitgroup-add-after-wait",
]);

/** Operations of which the search has found a schedule that makes them throw. */
export function* refused(
  { file, snapshot }: Pick<RuleContext, "file" | "snapshot">,
  rule: MisuseRule,
): Iterable<Report> {
  for (const misuse of misusesOf(file, snapshot))
    if (misuse.rule === rule && !isExpectedToThrow(misuse.node))
      yield {
        node: misuse.node,
        message: refusal(misuse),
        related: steps(misuse),
        unlessSaid: { rules: mistakes, places: [misuse.node], around: misuse.entry },
      };
}

export function describe(finding: Finding): Report {
  return { node: finding.node, message: message(finding), related: notes(finding) };
}
