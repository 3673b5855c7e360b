import ts from "typescript";
import type { Leak } from "../../facts/observations.js";
import type { Hold } from "../../facts/state.js";
import { guardInstead, tryFinally } from "../../fixes/release-always.js";
import { enclosingStatement, listOf } from "../../fixes/statements.js";
import { truth } from "../../ir/truth.js";
import { methodFor } from "../../model/index.js";
import type { Variable } from "../../project/port.js";
import { type LeakingCall, leakingCalls } from "../leaks.js";
import { isMistakenFor, mistakenLocks } from "../lock-in-finally/mistaken.js";
import type { Report, Rule, RuleContext, UnitFacts } from "../rule.js";
import { isHandedOut } from "../scope.js";
import { isInTest } from "../tests.js";
import { isRoundTrip, leakNotes, lockName, takenWord, wayOut } from "../text.js";
import { doc, sources } from "./doc.js";

export const missingUnlock: Rule = {
  id: "missing-unlock",
  title: "A path leaves the lock held",
  severity: "error",
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
  const seen = leaks.filter((leak) => leak.how !== "thrown");
  // The way out that the author can see best: a return or throw statement.
  const leak =
    seen.find((each) => each.how === "return" || each.how === "throw") ??
    seen.find((each) => !isRoundTrip(each));
  // An unlock that became a lock has a rule of its own.
  if (mistakenLocks(context).has(site) || leaks.some((each) => isMistakenFor(each.hold, context)))
    return undefined;
  // Nothing but a way round to the same lock call: that is `reentrant-lock`.
  if (leak === undefined || !isDefect(leak, unit, context)) return undefined;
  const word = takenWord(site, context.snapshot);
  const name = lockName(site, leak.hold.place.text, context.snapshot);
  return {
    node: site,
    message: unit.observations.releases.has(site)
      ? `${name} stays ${word} on the path to ${wayOut(leak)}: other paths release it`
      : `${name} is ${word} here and never released`,
    related: leakNotes(leak),
    fixes: [tryFinally(repair), guardInstead(repair)],
  };
}

/** Held at the end on purpose, or by mistake? Silent where somebody else may be meant to release it. */
function isDefect(leak: Leak, unit: UnitFacts, context: RuleContext): boolean {
  const { hold } = leak;
  const { observations } = unit;
  const { field, path } = hold.place;
  if (observations.releases.has(hold.site)) {
    // Released on a path that did not take it: lock and unlock hang on conditions that belong together.
    if (observations.releasedUntaken.has(hold.place.key)) return false;
    return !(field !== undefined && context.index.isReleasedForOthers(field) && keepsOnSuccess(leak, unit));
  }
  const callee = context.snapshot.calleeOf(hold.site);
  // Only the guard gives it back, and this one went nowhere.
  if (isGuarded(hold.site, context) && !canBeReleasedOtherwise(hold, context)) return leak.how !== "again";
  // A function that takes a lock for its caller is a lock call of the caller's, who has its own say.
  if (callee.kind !== "method" || field === undefined || leak.how === "again") return false;
  if (path.length === 0 && !isOwnLock(field, context)) return false;
  if (context.index.isReleasedForOthers(field) || context.index.isHandedOn(field)) return false;
  // A test may leave a lock as it is: nobody else wants it.
  return !isInTest(hold.site, context.snapshot);
}

/** `await mu.acquire()`, or `await lease()` that resolves to the guard. */
function isGuarded(site: ts.CallExpression, { snapshot }: RuleContext): boolean {
  const callee = snapshot.calleeOf(site);
  if (callee.kind === "method") return callee.operation.op === "acquire" && callee.operation.form === "guard";
  return ts.isAwaitExpression(site.parent) && snapshot.primitiveOf(site.parent)?.model.kind === "guard";
}

/** `await mutex.acquire()` … `mutex.release()`: where the lock itself releases too, somebody else may be meant to. */
function canBeReleasedOtherwise({ site, place, mode }: Hold, { snapshot, index }: RuleContext): boolean {
  const callee = snapshot.calleeOf(site);
  if (callee.kind !== "method" || place.field === undefined) return false;
  const method = methodFor(callee.model, (each) => each.op === "release" && each.mode === mode);
  if (method === undefined) return false;
  return index.isReleasedForOthers(place.field) || index.isHandedOn(place.field);
}

/** `tryEnter()` answers true with the lock held, `begin()` returns with it or throws without it: meant for the caller. */
function keepsOnSuccess({ hold, node, how }: Leak, { summary, observations }: UnitFacts): boolean {
  if (summary.effects.some((effect) => effect.net === "acquired" && effect.place.key === hold.place.key))
    return true;
  const answer = ts.isReturnStatement(node) ? answerOf(node) : how === "fall" ? "nothing" : undefined;
  if (answer === undefined) return false;
  const others = [...(observations.releases.get(hold.site) ?? [])].map(answerAfter);
  if (others.some((each) => each === answer)) return false;
  const isYes = ts.isReturnStatement(node) && node.expression?.kind === ts.SyntaxKind.TrueKeyword;
  return isYes || (others.length > 0 && others.every((each) => each !== undefined));
}

type Answer = "nothing" | "something";

/** `return undefined` or `return false` on the one hand, `return error` or `return connection` on the other. */
function answerOf({ expression }: ts.ReturnStatement): Answer {
  return expression === undefined || truth(expression) === false ? "nothing" : "something";
}

/** What is answered at the end of the statements that the release is among. */
function answerAfter(release: ts.Node): Answer | undefined {
  const statement = enclosingStatement(release);
  const last = statement && listOf(statement)?.at(-1);
  return last !== undefined && ts.isReturnStatement(last) ? answerOf(last) : undefined;
}

/** A variable that holds a lock of its own: not a parameter, an element of a list, or one that was handed on. */
function isOwnLock({ declaration }: Variable, { snapshot }: RuleContext): boolean {
  if (declaration === undefined || !ts.isVariableDeclaration(declaration)) return false;
  const made = declaration.initializer;
  const own = made !== undefined && ts.isNewExpression(made) && snapshot.constructed(made) !== undefined;
  return own && !isHandedOut(declaration, declaration.getSourceFile());
}
