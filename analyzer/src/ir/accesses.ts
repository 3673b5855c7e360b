import ts from "typescript";
import { isWrite } from "../plain/scopes.js";
import type { Snapshot, Variable } from "../project/port.js";
import { bare, meaningfulParent } from "../project/syntax.js";
import type { CfgNode } from "./cfg.js";
import { containerOf } from "./guardable-syntax.js";
import type { Lowering } from "./lowering.js";
import { type Place, placeOf, step } from "./place.js";

/** The state that an expression reads or writes, if a lock may guard it, goes into the graph here. */
export function noteAccess(
  l: Lowering,
  at: ts.Identifier | ts.PropertyAccessExpression,
  next: CfgNode,
): CfgNode {
  const { names, aliases } = l.guardables;
  const name = ts.isIdentifier(at) ? at.text : at.name.text;
  if (!names.has(name) && !(ts.isIdentifier(at) && aliases.has(name))) return next;
  const variable = l.snapshot.variableOf(ts.isIdentifier(at) ? at : (at.name as ts.Identifier));
  if (variable?.declaration === undefined) return next;
  const element = ts.isIdentifier(at) ? elementPlace(l, at, variable) : undefined;
  if (element !== undefined)
    return l.node({ kind: "access", place: element, write: true, node: at, element: true }, next);
  const place = l.guardables.has(variable.declaration) ? placeOf(at, l.snapshot) : aliased(l, at, variable);
  const state = place && (place.field ?? variable);
  if (place === undefined || state === undefined) return next;
  const write = isWriteThrough(at, l.snapshot);
  // Handing a container on, or giving it another name, is no look into it.
  if (state.constant && !write && !isLookedInto(at)) return next;
  return l.node({ kind: "access", place, write, node: at }, next);
}

/** `const { items } = this`: a read of the field, unless it is only another name for a container. */
export function noteBinding(
  l: Lowering,
  pattern: ts.BindingName,
  base: Place | undefined,
  next: CfgNode,
): CfgNode {
  if (!ts.isObjectBindingPattern(pattern) || base === undefined) return next;
  return pattern.elements.reduceRight((after, element) => {
    const name = element.propertyName ?? element.name;
    if (!ts.isIdentifier(name) || !l.guardables.names.has(name.text)) return after;
    const field = l.snapshot.boundProperty(element);
    if (field?.declaration === undefined || field.constant || !l.guardables.has(field.declaration))
      return after;
    const place = step(base, name.text, field, `${base.text}.${name.text}`);
    return l.node({ kind: "access", place, write: false, node: element }, after);
  }, next);
}

/** `node.labels = …` where `node` was taken out of a container: the container, for what is written lies in it. */
function elementPlace(
  l: Lowering,
  at: ts.Identifier,
  { constant, declaration }: Variable,
): Place | undefined {
  if (!constant || declaration === undefined || !ts.isVariableDeclaration(declaration)) return undefined;
  const loop = declaration.parent.parent;
  const value = ts.isForOfStatement(loop) ? loop.expression : declaration.initializer;
  const container = value && containerOf(value);
  if (container === undefined || !isWriteThrough(at, l.snapshot) || isWrite(at)) return undefined;
  const place = placeOf(container, l.snapshot);
  const field = place?.field?.declaration;
  return field !== undefined && l.guardables.has(field) ? place : undefined;
}

/** Another name for a container that never changes places means what is in it. */
function aliased(
  l: Lowering,
  at: ts.Identifier | ts.PropertyAccessExpression,
  variable: Variable,
): Place | undefined {
  if (!ts.isIdentifier(at) || !variable.constant) return undefined;
  const place = placeOf(at, l.snapshot);
  const field = place?.field;
  const isState = field?.declaration !== undefined && field.id !== variable.id && field.constant;
  return isState && l.guardables.has(field.declaration) ? place : undefined;
}

const mutating = new Set([
  "push",
  "pop",
  "shift",
  "unshift",
  "splice",
  "sort",
  "reverse",
  "fill",
  "copyWithin",
  "set",
  "add",
  "delete",
  "clear",
]);

/** Whether a use of a variable or field changes it, or something that lies in it: `store.items[0].count++`. */
export function isWriteThrough(node: ts.Expression, snapshot: Snapshot): boolean {
  let at: ts.Expression = node;
  for (;;) {
    if (isWrite(at)) return true;
    const { parent, child } = meaningfulParent(at);
    const isInner =
      (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent)) &&
      parent.expression === child;
    if (!isInner) return false;
    const access = parent as ts.PropertyAccessExpression | ts.ElementAccessExpression;
    const call = access.parent;
    if (ts.isCallExpression(call) && call.expression === access)
      return ts.isPropertyAccessExpression(access) && isMutation(call, access.name.text, snapshot);
    at = access;
  }
}

function isMutation(call: ts.CallExpression, method: string, snapshot: Snapshot): boolean {
  return mutating.has(method) && snapshot.calleeOf(call).kind === "builtin";
}

/** A member is asked for, or all of them are gone through. */
function isLookedInto(node: ts.Expression): boolean {
  const { parent, child } = meaningfulParent(node);
  if (ts.isPropertyAccessExpression(parent) || ts.isElementAccessExpression(parent))
    return parent.expression === child;
  if (ts.isForOfStatement(parent) || ts.isForInStatement(parent)) return parent.expression === child;
  if (ts.isBinaryExpression(parent)) return parent.operatorToken.kind === ts.SyntaxKind.InKeyword;
  return ts.isSpreadElement(parent) || ts.isSpreadAssignment(parent);
}

/** `x = …`, `x += …`, `x++`: written when the right side has been evaluated. */
export function isDirectTarget(node: ts.Expression): boolean {
  const { parent, child } = meaningfulParent(node);
  if (ts.isBinaryExpression(parent)) {
    const { kind } = parent.operatorToken;
    return (
      parent.left === child && kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment
    );
  }
  const isStep = ts.isPrefixUnaryExpression(parent) || ts.isPostfixUnaryExpression(parent);
  return isStep && isWrite(bare(node));
}
