import { type Blame, type Finding, stuckStatesOf } from "../../search/index.js";
import type { Report, RuleContext } from "../rule.js";
import { message, notes } from "./messages.js";

/** What the search has proved of the kind that a rule speaks of. */
export function* proven(
  { file, snapshot }: Pick<RuleContext, "file" | "snapshot">,
  blame: Blame,
): Iterable<Report> {
  for (const finding of stuckStatesOf(file, snapshot)) if (finding.blame === blame) yield describe(finding);
}

export function describe(finding: Finding): Report {
  return { node: finding.node, message: message(finding), related: notes(finding) };
}
