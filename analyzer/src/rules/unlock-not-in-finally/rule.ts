import { ts } from "ts-morph";
import { guardInstead, tryFinally } from "../../fixes/release-always.js";
import { shortText } from "../../project/syntax.js";
import type { Report, Rule, RuleContext, UnitFacts } from "../rule.js";
import { isInFinally } from "../scope.js";
import { isInTest } from "../tests.js";
import { lineOf, lockName } from "../text.js";
import { doc, sources } from "./doc.js";

export const unlockNotInFinally: Rule = {
  id: "unlock-not-in-finally",
  title: "An exception leaves the lock held",
  severity: "warning",
  doc,
  sources,
  *run(context) {
    for (const unit of context.units) yield* inUnit(unit, context);
  },
};

function* inUnit(unit: UnitFacts, context: RuleContext): Iterable<Report> {
  const { observations } = unit;
  if (observations.abandoned) return;
  const sites = new Set(observations.leaks.map((leak) => leak.hold.site));
  for (const site of sites) {
    const leaks = observations.leaks.filter((leak) => leak.hold.site === site);
    const releases = observations.releases.get(site);
    const leak = leaks[0];
    if (leak === undefined || releases === undefined || leaks.some((each) => each.how !== "thrown")) continue;
    // What throws inside the finally, before the release, is another matter.
    const uncaught = leaks
      .filter((each) => !isInFinally(each.node))
      .sort((a, b) => a.node.getStart() - b.node.getStart())[0];
    if (uncaught === undefined || observations.releasedUntaken.has(leak.hold.place.key)) continue;
    if (isInTest(site, context.snapshot)) continue;
    const { hold, node: thrower } = uncaught;
    const repair = { hold, unit: unit.unit, releases: observations.releases.get(site) ?? new Set(), context };
    yield {
      node: site,
      message: `${lockName(site, hold.place.text, context.snapshot)} stays locked for ever if ${describe(thrower)} at line ${lineOf(thrower)} throws: release it in a finally`,
      related: [
        {
          node: thrower,
          message: `\`${shortText(thrower)}\` may throw while \`${hold.place.text}\` is held`,
        },
      ],
      fixes: [tryFinally(repair), guardInstead(repair)],
    };
  }
}

function describe(node: ts.Node): string {
  return ts.isAwaitExpression(node) || ts.isForOfStatement(node.parent)
    ? "the await"
    : `\`${shortText(node)}\``;
}
