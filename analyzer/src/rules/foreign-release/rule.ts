import ts from "typescript";
import { callersOf } from "../../facts/callers.js";
import { enclosing } from "../../facts/enclosing.js";
import { identityOf } from "../../facts/identity.js";
import type { Unit } from "../../ir/lower.js";
import { placeOf } from "../../ir/place.js";
import type { FunctionWithBody } from "../../project/port.js";
import { hasModelledName } from "../events.js";
import type { Report, Rule, RuleContext } from "../rule.js";
import { isExpectedToThrow } from "../tests.js";
import { lockName } from "../text.js";
import { doc, sources } from "./doc.js";

export const foreignRelease: Rule = {
  id: "foreign-release",
  title: "Somebody else's turn is ended",
  severity: "warning",
  doc,
  sources,
  *run(context) {
    for (const call of context.calls) {
      const report = reportOf(call, context);
      if (report !== undefined) yield report;
    }
  },
};

function reportOf(call: ts.CallExpression, context: RuleContext): Report | undefined {
  const { snapshot, index } = context;
  if (!hasModelledName(call, snapshot)) return undefined;
  const callee = snapshot.calleeOf(call);
  if (callee.kind !== "method" || callee.operation.op !== "release") return undefined;
  const place = placeOf(callee.receiver, snapshot);
  const lock = place?.field;
  if (place === undefined || lock === undefined || place.parameter !== undefined) return undefined;
  const takers = index.acquirers(lock);
  const unit = enclosing(call, snapshot);
  if (takers.length === 0 || unit === undefined || index.isHandedOn(lock) || isExpectedToThrow(call))
    return undefined;
  const own = takers.map((taker) => enclosing(taker, snapshot));
  // Whoever takes it in the same function, or around this callback, or in one of its callbacks, may mean this.
  if (own.some((taker) => taker === undefined || contains(taker, unit) || contains(unit, taker)))
    return undefined;
  if (saysReleases(unit) || !takers.every((taker) => isBalanced(taker, lock.id, context))) return undefined;
  if (isCalledWithIt(unit, lock.id, context, new Set())) return undefined;
  const [first] = takers;
  return {
    node: call,
    message: `${lockName(call, place.text, snapshot)} is released by a function that never takes it: whoever has it loses it in the middle of his work`,
    related: first ? [{ node: first, message: "who takes it here gives it back himself" }] : [],
  };
}

function contains(outer: ts.Node, inner: ts.Node): boolean {
  for (let at: ts.Node | undefined = inner; at !== undefined; at = at.parent) if (at === outer) return true;
  return false;
}

/** `@releases mu`, or `@requires mu`: the caller has it. */
function saysReleases(unit: ts.Node): boolean {
  for (let at: ts.Node | undefined = unit; at !== undefined; at = at.parent) {
    const tags = ts.getJSDocTags(at).map((tag) => tag.tagName.text);
    if (tags.some((tag) => tag === "releases" || tag === "requires")) return true;
  }
  return false;
}

/** Who takes it there gives it back there: nothing is left for others to release. */
function isBalanced(taker: ts.CallExpression, lock: number, { facts, snapshot }: RuleContext): boolean {
  const callee = snapshot.calleeOf(taker);
  if (callee.kind !== "method") return false;
  if (callee.operation.op === "acquire" && callee.operation.form === "section") return true;
  const unit = enclosing(taker, snapshot);
  const known = unit && facts.of(unit);
  if (known === undefined || known.observations.abandoned || !known.observations.releases.has(taker))
    return false;
  const escapes = known.observations.leaks.some((leak) => leak.how !== "thrown" && leak.hold.site === taker);
  return !escapes && !known.summary.effects.some((effect) => identityOf(effect.place) === lock);
}

/** The function is part of somebody else's section. */
function isCalledWithIt(unit: Unit, lock: number, context: RuleContext, seen: Set<Unit>): boolean {
  if (seen.has(unit)) return false;
  seen.add(unit);
  if (ts.isSourceFile(unit) || ts.isClassStaticBlockDeclaration(unit)) return false;
  const { calls, passed } = callersOf(unit as FunctionWithBody, context.snapshot);
  if (passed) return true;
  return calls.some((call) => {
    const around = enclosing(call, context.snapshot);
    if (around === undefined) return true;
    const ways = context.facts.of(around).observations.held.get(call) ?? [];
    if (ways.some((holds) => holds.some((hold) => identityOf(hold.place) === lock))) return true;
    return isCalledWithIt(around, lock, context, seen);
  });
}
