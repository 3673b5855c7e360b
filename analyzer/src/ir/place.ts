import ts from "typescript";
import type { Operation } from "../model/index.js";
import { nodeNumber } from "../project/identities.js";
import type { Snapshot, Variable } from "../project/port.js";
import { bare } from "../project/syntax.js";
import { madeOf, make, namedStep, type Place, rebase, step, thisPlace, thisRoot } from "./access-path.js";
import { elementOfCall, keptElement } from "./elements.js";
import { madeWith } from "./made.js";

export {
  isWithin,
  namedStep,
  type Place,
  parentOf,
  rebase,
  step,
  thisPlace,
  thisRoot,
} from "./access-path.js";

const maxAliasDepth = 8;

export function placeOf(expression: ts.Expression, snapshot: Snapshot, depth = 0): Place | undefined {
  if (depth > maxAliasDepth) return undefined;
  const at = bare(expression);
  if (at.kind === ts.SyntaxKind.ThisKeyword || at.kind === ts.SyntaxKind.SuperKeyword) {
    const owner = staticOwner(at);
    const variable = owner?.name && snapshot.variableOf(owner.name);
    if (variable) return rootPlace(variable);
    return thisPlace;
  }
  if (ts.isIdentifier(at)) return variablePlace(at, snapshot, depth);
  if (ts.isPropertyAccessExpression(at)) {
    const base = placeOf(at.expression, snapshot, depth);
    const field = snapshot.variableOf(at.name as ts.Identifier);
    if (base === undefined) return undefined;
    const behind = behindGetter(field?.declaration, base, snapshot, depth) ?? madeOf(base, at.name.text);
    const made = madeWith(field, snapshot, depth, placeOf);
    return behind ?? { ...step(base, at.name.text, field, at.getText()), ...(made && { made }) };
  }
  if (ts.isElementAccessExpression(at)) return elementPlace(at, snapshot, depth);
  if (ts.isCallExpression(at)) {
    const callee = snapshot.calleeOf(at);
    if (callee.kind === "function") return wrappedPlace(at, callee.operation, snapshot, depth);
    if (callee.kind === "builtin" || callee.kind === "body")
      return elementOfCall(at, snapshot, depth, placeOf);
    if (callee.kind !== "method" || callee.operation.op !== "view") return undefined;
    const base = placeOf(callee.receiver, snapshot, depth);
    return base && { ...base, view: callee.operation.mode };
  }
  // `locks.get(key) ?? this.add(key)`
  if (ts.isBinaryExpression(at) && at.operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) {
    const left = bare(at.left);
    return ts.isCallExpression(left) ? elementOfCall(left, snapshot, depth, placeOf) : undefined;
  }
  return undefined;
}

/** `withTimeout(mutex, 100)` is the mutex; what wraps a new one is a lock of its own. */
function wrappedPlace(
  call: ts.CallExpression,
  operation: Operation,
  snapshot: Snapshot,
  depth: number,
): Place | undefined {
  if (operation.op !== "wrap") return undefined;
  const inner = call.arguments[operation.argument];
  const place = inner && placeOf(inner, snapshot, depth + 1);
  return place && (operation.impatient ? { ...place, impatient: true } : place);
}

/** `get lock() { return this.mu; }`: another name for the field. */
function behindGetter(
  declaration: ts.Declaration | undefined,
  base: Place,
  snapshot: Snapshot,
  depth: number,
): Place | undefined {
  if (declaration === undefined || !ts.isGetAccessor(declaration)) return undefined;
  const [only, ...others] = declaration.body?.statements ?? [];
  if (only === undefined || others.length > 0 || !ts.isReturnStatement(only)) return undefined;
  const place = only.expression && placeOf(only.expression, snapshot, depth + 1);
  return place?.root === thisRoot ? rebase(place, base) : place;
}

/** In a static member `this` is the class itself. */
function staticOwner(node: ts.Node): ts.ClassLikeDeclaration | undefined {
  for (let at = node.parent; at !== undefined; at = at.parent) {
    if (ts.isClassStaticBlockDeclaration(at)) return at.parent;
    if (ts.isClassElement(at) && ts.isClassLike(at.parent)) {
      return ts.getCombinedModifierFlags(at) & ts.ModifierFlags.Static ? at.parent : undefined;
    }
    if (ts.isFunctionDeclaration(at) || ts.isFunctionExpression(at)) return undefined;
  }
  return undefined;
}

function variablePlace(name: ts.Identifier, snapshot: Snapshot, depth: number): Place | undefined {
  const variable = snapshot.variableOf(name);
  if (variable === undefined) return undefined;
  const alias = variable.constant
    ? aliasOf(variable.declaration, snapshot, depth)
    : keptElement(variable.declaration, snapshot, depth, placeOf);
  if (alias !== undefined) return { ...alias, text: name.text };
  const made = madeWith(variable, snapshot, depth, placeOf);
  return { ...rootPlace(variable), ...(made && { made }) };
}

export function rootPlace(variable: Variable): Place {
  const declaration = variable.declaration;
  const parameter =
    declaration && ts.isParameter(declaration)
      ? declaration.parent.parameters.indexOf(declaration)
      : undefined;
  return make({ root: variable.id, home: declaration, parameter, namedBy: [] }, [], variable, variable.name);
}

/** `const mu = this.mu`, `const { mu } = this`, `({ mu }: Owner) => …`: another name for the same place. */
function aliasOf(
  declaration: ts.Declaration | undefined,
  snapshot: Snapshot,
  depth: number,
): Place | undefined {
  if (declaration === undefined) return undefined;
  if (ts.isVariableDeclaration(declaration) && declaration.initializer !== undefined) {
    return placeOf(declaration.initializer, snapshot, depth + 1);
  }
  if (
    !ts.isBindingElement(declaration) ||
    declaration.dotDotDotToken !== undefined ||
    declaration.initializer !== undefined
  ) {
    return undefined;
  }
  const pattern = declaration.parent;
  const property = declaration.propertyName ?? declaration.name;
  if (!ts.isObjectBindingPattern(pattern) || !ts.isIdentifier(property)) return undefined;
  const owner = pattern.parent;
  let base: Place | undefined;
  if (ts.isBindingElement(owner)) base = aliasOf(owner, snapshot, depth + 1);
  else if (ts.isParameter(owner)) {
    const parameter = owner.parent.parameters.indexOf(owner);
    base = make(
      { root: -1 - nodeNumber(owner), home: owner, parameter, namedBy: [] },
      [],
      undefined,
      owner.name.getText(),
    );
  } else if (owner.initializer !== undefined) base = placeOf(owner.initializer, snapshot, depth + 1);
  return base && step(base, property.text, snapshot.boundProperty(declaration), property.text);
}

/** Two elements are the same only when the same constant names them: a literal or a variable never assigned. */
function elementPlace(
  access: ts.ElementAccessExpression,
  snapshot: Snapshot,
  depth: number,
): Place | undefined {
  const base = placeOf(access.expression, snapshot, depth);
  const key = bare(access.argumentExpression);
  if (base === undefined) return undefined;
  if (ts.isStringLiteralLike(key) || ts.isNumericLiteral(key))
    return { ...step(base, `[${key.text}]`, undefined, access.getText()), container: base.field };
  if (!ts.isIdentifier(key)) return undefined;
  const variable = snapshot.variableOf(key);
  return variable?.constant ? namedStep(base, variable, access.getText()) : undefined;
}
