import ts from "typescript";
import { conflicts } from "../../facts/path.js";
import type { Tasks } from "../../facts/tasks.js";
import { type Place, placeOf, thisRoot } from "../../ir/place.js";
import type { Snapshot } from "../../project/port.js";
import type { Edge } from "./graph.js";

/**
 * `transfer(from, to)` takes `from.mu` and then `to.mu`: two locks of one class, in the order of the arguments.
 * Silent where an order shows (a comparison of the two, a sort), and where one owns the other.
 */
export function inArgumentOrder({ order, unit }: Edge, tasks: Tasks, snapshot: Snapshot): boolean {
  const [first, second] = [order.held.place, order.place];
  if (!ts.isFunctionLike(unit) || !conflicts(order.held.mode, order.mode)) return false;
  const one = givenBy(first, unit, snapshot);
  const other = givenBy(second, unit, snapshot);
  if (one === undefined || other === undefined || one === other) return false;
  if (isHierarchical(one) || isHierarchical(other) || isOrdered(unit, one, other)) return false;
  if (!tasks.mayRunBeside(unit, unit)) return false;
  const calls = tasks.callsOf(unit);
  return calls === undefined || calls.length === 0 || canBeSwapped(calls, unit, one, other, snapshot);
}

/** The parameter that names the instance, or the element of a collection; `this` is one of them. */
function givenBy(place: Place, unit: ts.SignatureDeclaration, snapshot: Snapshot): string | undefined {
  const key = place.namedBy.at(-1);
  if (key !== undefined) return isOwnParameter(key, unit) ? nameOf(key, snapshot) : undefined;
  if (place.root === thisRoot) return place.path.length === 1 ? "this" : undefined;
  const { home } = place;
  if (place.parameter === undefined || place.path.length > 1 || home === undefined) return undefined;
  return isOwnParameter(home, unit) ? nameOf(home, snapshot) : undefined;
}

function nameOf(parameter: ts.Node, snapshot: Snapshot): string | undefined {
  if (!ts.isParameter(parameter) || !ts.isIdentifier(parameter.name)) return undefined;
  return snapshot.variableOf(parameter.name)?.constant ? parameter.name.text : undefined;
}

function isOwnParameter(declaration: ts.Node | undefined, unit: ts.Node): boolean {
  return declaration !== undefined && ts.isParameter(declaration) && declaration.parent === unit;
}

/** Parents lock their children, lists their next element: that is an order. */
function isHierarchical(name: string): boolean {
  return /parent|child|root|leaf|node|next|prev|owner|inner|outer|super|base|primary|secondary|master|replica|leader|follower|global|local/i.test(
    name,
  );
}

/** Something compares the two, or sorts. */
function isOrdered(unit: ts.Node, one: string, other: string): boolean {
  let found = false;
  const visit = (node: ts.Node): void => {
    if (ts.isBinaryExpression(node) && isComparison(node.operatorToken.kind) && names(node)) found = true;
    if (ts.isCallExpression(node) && /compare|order|sort/i.test(node.expression.getText())) found = true;
    if (!found) ts.forEachChild(node, visit);
  };
  const names = (node: ts.Node) => {
    const text = node.getText();
    return [one, other].every((name) => new RegExp(`\\b${name.replaceAll("$", "\\$")}\\b`).test(text));
  };
  visit(unit);
  return found;
}

function isComparison(kind: ts.SyntaxKind): boolean {
  switch (kind) {
    case ts.SyntaxKind.LessThanToken:
    case ts.SyntaxKind.LessThanEqualsToken:
    case ts.SyntaxKind.GreaterThanToken:
    case ts.SyntaxKind.GreaterThanEqualsToken:
      return true;
    default:
      return false;
  }
}

/** All calls are to be seen: do their arguments come in one order, or can they come in both? */
function canBeSwapped(
  calls: readonly ts.CallExpression[],
  unit: ts.SignatureDeclaration,
  one: string,
  other: string,
  snapshot: Snapshot,
): boolean {
  const after = new Map<string, Set<string>>();
  for (const call of calls) {
    const [first, second] = [one, other].map((name) => argumentKey(call, unit, name, snapshot));
    if (first === undefined || second === undefined) return true;
    const known = after.get(first) ?? new Set();
    after.set(first, known.add(second));
  }
  const reaches = (from: string, to: string, seen: Set<string>): boolean =>
    [...(after.get(from) ?? [])].some(
      (next) => next === to || (!seen.has(next) && reaches(next, to, seen.add(next))),
    );
  return [...after.keys()].some((key) => reaches(key, key, new Set()));
}

/** The object passed, where it is the same on every call: a variable of the file, a literal. */
function argumentKey(
  call: ts.CallExpression,
  unit: ts.SignatureDeclaration,
  name: string,
  snapshot: Snapshot,
): string | undefined {
  const index = unit.parameters.findIndex((each) => each.name.getText() === name);
  const expression =
    name === "this" && ts.isPropertyAccessExpression(call.expression)
      ? call.expression.expression
      : call.arguments[index];
  if (expression === undefined) return undefined;
  if (ts.isStringLiteralLike(expression)) return `"${expression.text}"`;
  const place = placeOf(expression, snapshot);
  if (place === undefined || place.parameter !== undefined || place.root === thisRoot) return undefined;
  const declaration = place.home;
  const isOne =
    declaration !== undefined &&
    ts.isVariableDeclaration(declaration) &&
    (ts.getCombinedNodeFlags(declaration) & ts.NodeFlags.Const) !== 0 &&
    declaration.initializer !== undefined &&
    ts.isNewExpression(declaration.initializer);
  return isOne ? place.key : undefined;
}
