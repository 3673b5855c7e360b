import type { Leak } from "../../facts/observations.js";
import { guardInstead, tryFinally } from "../../fixes/release-always.js";
import type { Report, Rule, RuleContext, UnitFacts } from "../rule.js";
import { isWithinUnit } from "../scope.js";
import { leakNotes, lockName, wayOut } from "../text.js";
import { doc, sources } from "./doc.js";

export const missingUnlock: Rule = {
  id: "missing-unlock",
  title: "A path leaves the lock held",
  severity: "error",
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
    const leaks = observations.leaks.filter((leak) => leak.hold.site === site && leak.how !== "thrown");
    // The way out that the author can see best: a return or throw statement.
    const leak = leaks.find((each) => each.how === "return" || each.how === "throw") ?? leaks[0];
    if (leak === undefined || !isDefect(leak, unit, context)) continue;
    const { hold } = leak;
    const released = observations.releases.has(site);
    yield {
      node: site,
      message: released
        ? `${lockName(site, hold.place.text, context.snapshot)} stays locked on the path to ${wayOut(leak)}: other paths release it`
        : `${lockName(site, hold.place.text, context.snapshot)} is locked here and never released`,
      related: leakNotes(leak),
      fixes: [tryFinally(hold, unit.unit, context), guardInstead(hold, unit.unit, context)],
    };
  }
}

/** Held at the end on purpose, or by mistake? Silent where somebody else may be meant to release it. */
function isDefect(leak: Leak, unit: UnitFacts, context: RuleContext): boolean {
  const { hold } = leak;
  const { observations } = unit;
  if (observations.releases.has(hold.site)) {
    // Released on a path that did not take it: lock and unlock hang on conditions that belong together.
    return !observations.releasedUntaken.has(hold.place.key);
  }
  if (leak.how === "again") return true;
  const { field, parameter, path } = hold.place;
  if (field === undefined || (parameter !== undefined && path.length === 0)) return false;
  const elsewhere = context.index
    .releasers(field.id)
    .filter((call) => !isWithinUnit(call, unit.unit) || !observations.goodReleases.has(call));
  return elsewhere.length === 0 && isOwnLockCall(hold.site, context);
}

/** A function that takes a lock for its caller is a lock call of the caller's, who has its own say. */
function isOwnLockCall(site: Leak["hold"]["site"], context: RuleContext): boolean {
  const callee = context.snapshot.calleeOf(site);
  return callee.kind === "method";
}
