import ts from "typescript";
import { guardInstead, tryFinally } from "../../fixes/release-always.js";
import { shortText } from "../../project/syntax.js";
import { type LeakingCall, leakingCalls } from "../leaks.js";
import type { Report, Rule, RuleContext } from "../rule.js";
import { isInFinally } from "../scope.js";
import { isInTest } from "../tests.js";
import { lineOf, lockName, takenWord } from "../text.js";
import { doc, sources } from "./doc.js";

export const unlockNotInFinally: Rule = {
  id: "unlock-not-in-finally",
  title: "An exception leaves the lock held",
  severity: "warning",
  doc,
  sources,
  *run(context) {
    for (const call of leakingCalls(context)) {
      const report = reportOf(call, context);
      if (report !== undefined) yield report;
    }
  },
};

function reportOf({ unit, site, leaks, repair }: LeakingCall, context: RuleContext): Report | undefined {
  const { releases, releasedUntaken } = unit.observations;
  if (!releases.has(site) || leaks.some((leak) => leak.how !== "thrown")) return undefined;
  // What throws inside the finally, before the release, is another matter.
  const [first] = leaks
    .filter((leak) => !isInFinally(leak.node))
    .sort((a, b) => a.node.getStart() - b.node.getStart());
  if (first === undefined || releasedUntaken.has(first.hold.place.key)) return undefined;
  if (isInTest(site, context.snapshot)) return undefined;
  const { hold, node: thrower } = first;
  const name = lockName(site, hold.place.text, context.snapshot);
  return {
    node: site,
    message: `${name} stays ${takenWord(site, context.snapshot)} for ever if ${describe(thrower)} at line ${lineOf(thrower)} throws: release it in a finally`,
    related: [
      { node: thrower, message: `\`${shortText(thrower)}\` may throw while \`${hold.place.text}\` is held` },
    ],
    fixes: [tryFinally(repair), guardInstead(repair)],
  };
}

function describe(node: ts.Node): string {
  return ts.isAwaitExpression(node) || ts.isForOfStatement(node.parent)
    ? "the await"
    : `\`${shortText(node)}\``;
}
