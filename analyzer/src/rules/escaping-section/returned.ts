import ts from "typescript";
import type { Hold } from "../../facts/state.js";
import type { FunctionWithBody } from "../../project/port.js";
import { enclosingFunction, isAsync, isUsing, shortText } from "../../project/syntax.js";
import type { Report, RuleContext, UnitFacts } from "../rule.js";
import { isInFinally } from "../scope.js";
import { lockName } from "../text.js";
import { awaitReturned } from "./fix.js";
import { behind, outlivesItsCall, returnsIn, startedBy } from "./work.js";

/** `return promise` in a try whose `finally`, or in a block whose guard, gives the lock back before it settles. */
export function* returnedWork(unit: UnitFacts, context: RuleContext): Iterable<Report> {
  const { observations } = unit;
  if (observations.abandoned || ts.isSourceFile(unit.unit) || observations.releases.size === 0) return;
  if (!("body" in unit.unit) || ts.isClassStaticBlockDeclaration(unit.unit)) return;
  for (const statement of returnsIn(unit.unit.body)) {
    if (statement.expression === undefined) continue;
    const holds = observations.held.get(statement)?.flat() ?? [];
    const hold = holds.find((each) => isGivenUpBehind(each, statement, unit));
    if (hold === undefined) continue;
    const { snapshot } = context;
    const value = behind(statement.expression, (name) => snapshot.variableOf(name)?.declaration);
    if (enclosingFunction(value) !== unit.unit) continue;
    const call = startedBy(value).find((each) => each.pos > hold.site.pos && reliesOn(each, hold, context));
    if (call === undefined) continue;
    yield {
      node: statement,
      message: `\`${shortText(call)}\` is returned without await: ${lockName(hold.site, hold.place.text, snapshot)} is given back before it is done`,
      related: [{ node: releaseOf(hold, unit) ?? hold.site, message: "given back here" }],
      fixes: [awaitReturned(statement)],
    };
  }
}

/** Taken by this function, and released on the way out of it. */
function isGivenUpBehind(hold: Hold, statement: ts.ReturnStatement, unit: UnitFacts): boolean {
  return !hold.escaped && enclosingFunction(hold.site) === unit.unit && releaseBehind(hold, statement, unit);
}

function releaseBehind(hold: Hold, statement: ts.ReturnStatement, { observations }: UnitFacts): boolean {
  return [...(observations.releases.get(hold.site) ?? [])].some(
    (node) =>
      node.pos > statement.pos || (ts.isVariableDeclaration(node) && isUsing(node)) || isDeferred(node),
  );
}

/** In `using _ = defer(() => mu.unlock())`, which stands before what it ends. */
function isDeferred(node: ts.Node): boolean {
  return isInFinally(node) && ts.isFunctionLike(enclosingFunction(node)) && isUsingAround(node);
}

function isUsingAround(node: ts.Node): boolean {
  for (let at = node; at.parent !== undefined; at = at.parent)
    if (ts.isVariableDeclaration(at)) return isUsing(at);
  return false;
}

function releaseOf(hold: Hold, { observations }: UnitFacts): ts.Node | undefined {
  const [first] = observations.releases.get(hold.site) ?? [];
  return first;
}

/** Whether the call starts work that goes on under a lock it does not take for itself. */
function reliesOn(call: ts.CallExpression, hold: Hold, context: RuleContext): boolean {
  const { snapshot } = context;
  const callee = snapshot.calleeOf(call);
  switch (callee.kind) {
    case "body":
      return bodyReliesOn(callee.declaration, hold, context) && snapshot.isThenable(call);
    case "bodies":
      return (
        callee.declarations.some((each) => bodyReliesOn(each, hold, context)) && snapshot.isThenable(call)
      );
    case "builtin":
      return callee.owner === "PromiseConstructor" && !/^(?:resolve|reject|withResolvers)$/.test(callee.name);
    case "unknown":
      return snapshot.isThenable(call);
    default:
      return false;
  }
}

export function bodyReliesOn(body: FunctionWithBody, hold: Hold, context: RuleContext): boolean {
  const { summary } = context.facts.of(body);
  // Its own turn: it waits until this one is over.
  if (summary.taken.some((taken) => isSameLock(taken.place.field?.id, hold))) return false;
  return isAsync(body) ? outlivesItsCall(body.body) : true;
}

function isSameLock(field: number | undefined, hold: Hold): boolean {
  return field !== undefined && field === hold.place.field?.id;
}
