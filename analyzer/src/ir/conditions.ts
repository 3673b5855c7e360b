import ts from "typescript";
import type { Snapshot } from "../project/port.js";
import { bare } from "../project/syntax.js";
import type { Condition, ParameterPath } from "./cfg.js";
import { truth } from "./truth.js";

const negations = new Map<ts.SyntaxKind, ts.SyntaxKind>([
  [ts.SyntaxKind.ExclamationEqualsEqualsToken, ts.SyntaxKind.EqualsEqualsEqualsToken],
  [ts.SyntaxKind.ExclamationEqualsToken, ts.SyntaxKind.EqualsEqualsToken],
  [ts.SyntaxKind.GreaterThanEqualsToken, ts.SyntaxKind.LessThanToken],
  [ts.SyntaxKind.LessThanEqualsToken, ts.SyntaxKind.GreaterThanToken],
]);

/**
 * The identity of a condition, so that `if (x) lock … if (x) unlock` is understood: its text with
 * the variables replaced by their declarations. Undefined where the same text can mean two things.
 */
export function conditionOf(expression: ts.Expression, snapshot: Snapshot): Condition | undefined {
  let at = bare(expression);
  let negated = false;
  while (ts.isPrefixUnaryExpression(at) && at.operator === ts.SyntaxKind.ExclamationToken) {
    negated = !negated;
    at = bare(at.operand);
  }
  const reader = createReader(snapshot);
  if (!ts.isBinaryExpression(at)) return reader.condition(reader.key(at), negated);
  const positive = negations.get(at.operatorToken.kind);
  const guard = guardComparedWithNothing(at, snapshot);
  if (guard !== undefined) return reader.condition(reader.key(guard), negated !== (positive === undefined));
  const key = pair(reader.key(at.left), positive ?? at.operatorToken.kind, reader.key(at.right));
  return reader.condition(key, negated !== (positive !== undefined));
}

/** `release !== undefined`, `guard == null` ask whether there is one, as `release` by itself does. */
function guardComparedWithNothing(at: ts.BinaryExpression, snapshot: Snapshot): ts.Identifier | undefined {
  if (!equalities.has(at.operatorToken.kind)) return undefined;
  const sides = [bare(at.left), bare(at.right)];
  const name = sides.find((side) => ts.isIdentifier(side) && side.text !== "undefined");
  const nothing = sides.some(
    (side) => side.kind === ts.SyntaxKind.NullKeyword || (ts.isIdentifier(side) && side.text === "undefined"),
  );
  if (!nothing || name === undefined || !ts.isIdentifier(name)) return undefined;
  const guards = snapshot.guardVariables(at.getSourceFile());
  const variable = guards.size > 0 ? snapshot.variableOf(name) : undefined;
  return variable !== undefined && guards.has(variable.id) ? name : undefined;
}

const equalities: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.EqualsEqualsToken,
  ts.SyntaxKind.EqualsEqualsEqualsToken,
  ts.SyntaxKind.ExclamationEqualsToken,
  ts.SyntaxKind.ExclamationEqualsEqualsToken,
]);

/** `case value:` of a `switch (subject)` asks what `subject === value` asks. */
export function equalityOf(
  subject: ts.Expression,
  value: ts.Expression,
  snapshot: Snapshot,
): Condition | undefined {
  const reader = createReader(snapshot);
  return reader.condition(
    pair(reader.key(subject), ts.SyntaxKind.EqualsEqualsEqualsToken, reader.key(value)),
    false,
  );
}

function pair(
  left: string | undefined,
  operator: ts.SyntaxKind,
  right: string | undefined,
): string | undefined {
  return left !== undefined && right !== undefined ? `${left} ${operator} ${right}` : undefined;
}

function createReader(snapshot: Snapshot) {
  const reads: number[] = [];
  let volatile = false;
  let parameter: ParameterPath | undefined;

  function key(node: ts.Node): string | undefined {
    const at = ts.isExpression(node) ? bare(node) : node;
    if (ts.isIdentifier(at)) return variableKey(at);
    if (ts.isPropertyAccessExpression(at)) {
      const base = key(at.expression);
      const variable = ts.isIdentifier(at.name) ? snapshot.variableOf(at.name) : undefined;
      if (variable !== undefined) reads.push(variable.id);
      if (!variable?.constant) volatile = true;
      return base && `${base}.${at.name.text}`;
    }
    if (at.kind === ts.SyntaxKind.ThisKeyword) return "this";
    if (isConstant(at)) return at.getText();
    if (ts.isPrefixUnaryExpression(at)) return prefixed(at.kind, key(at.operand));
    if (ts.isTypeOfExpression(at)) return prefixed(at.kind, key(at.expression));
    if (ts.isBinaryExpression(at)) return pair(key(at.left), at.operatorToken.kind, key(at.right));
    if (ts.isCallExpression(at) && !at.arguments.some(ts.isSpreadElement)) {
      volatile = true;
      const parts = [at.expression, ...at.arguments].map(key);
      return parts.every((part) => part !== undefined) ? `call(${parts.join(",")})` : undefined;
    }
    return undefined;
  }

  function variableKey(name: ts.Identifier): string | undefined {
    const variable = snapshot.variableOf(name);
    if (variable === undefined) return name.text;
    const alias = variable.constant ? simpleInitializer(variable.declaration) : undefined;
    if (alias !== undefined) return key(alias);
    reads.push(variable.id);
    if (variable.constant) parameter = parameterPath(variable.declaration);
    if (!variable.constant && isShared(variable.declaration, name)) volatile = true;
    return `#${variable.id}`;
  }

  function condition(text: string | undefined, negated: boolean): Condition | undefined {
    return text === undefined
      ? undefined
      : { key: text, reads, volatile, negated, parameter: text === `#${reads[0]}` ? parameter : undefined };
  }

  return { key, condition };
}

function parameterPath(declaration: ts.Declaration | undefined): ParameterPath | undefined {
  if (declaration === undefined) return undefined;
  const fallback = (initializer: ts.Expression | undefined) =>
    initializer === undefined ? false : truth(initializer);
  const found = (
    owner: ts.ParameterDeclaration,
    property: string | undefined,
    initializer: ts.Expression | undefined,
  ) => {
    const value = fallback(initializer);
    return value === undefined
      ? undefined
      : { index: owner.parent.parameters.indexOf(owner), property, fallback: value };
  };
  if (ts.isParameter(declaration)) return found(declaration, undefined, declaration.initializer);
  if (!ts.isBindingElement(declaration) || !ts.isObjectBindingPattern(declaration.parent)) return undefined;
  const owner = declaration.parent.parent;
  const name = declaration.propertyName ?? declaration.name;
  return ts.isParameter(owner) && ts.isIdentifier(name)
    ? found(owner, name.text, declaration.initializer)
    : undefined;
}

function prefixed(kind: ts.SyntaxKind, operand: string | undefined): string | undefined {
  return operand && `${kind} ${operand}`;
}

/** `const shared = options.shared` asks the same question as `options.shared`, at the time of the declaration. */
function simpleInitializer(declaration: ts.Declaration | undefined): ts.Expression | undefined {
  if (
    declaration === undefined ||
    !ts.isVariableDeclaration(declaration) ||
    declaration.initializer === undefined
  )
    return undefined;
  const initializer = bare(declaration.initializer);
  return ts.isIdentifier(initializer) ? initializer : undefined;
}

function isConstant(node: ts.Node): boolean {
  switch (node.kind) {
    case ts.SyntaxKind.NullKeyword:
    case ts.SyntaxKind.TrueKeyword:
    case ts.SyntaxKind.FalseKeyword:
    case ts.SyntaxKind.StringLiteral:
    case ts.SyntaxKind.NumericLiteral:
    case ts.SyntaxKind.NoSubstitutionTemplateLiteral:
      return true;
    default:
      return false;
  }
}

/** A variable of this very call that only this call's own code assigns does not change while the task waits. */
function isShared(declaration: ts.Declaration | undefined, use: ts.Node): boolean {
  if (declaration === undefined) return true;
  const home = functionOf(declaration);
  if (ts.isSourceFile(home) || home !== functionOf(use)) return true;
  return isAssignedInside(home, declaration);
}

const capturedAssignments = new WeakMap<ts.Node, ReadonlySet<string>>();

/** By name, per function: whether a nested function assigns a variable. Over-approximates, which is the safe side. */
function isAssignedInside(home: ts.Node, declaration: ts.Declaration): boolean {
  let names = capturedAssignments.get(home);
  if (names === undefined) {
    const found = new Set<string>();
    const visit = (node: ts.Node, nested: boolean): void => {
      if (nested) {
        const target = assignedName(node);
        if (target !== undefined) found.add(target);
      }
      ts.forEachChild(node, (child) => visit(child, nested || ts.isFunctionLike(child)));
    };
    ts.forEachChild(home, (child) => visit(child, ts.isFunctionLike(child)));
    names = found;
    capturedAssignments.set(home, names);
  }
  const name = ts.getNameOfDeclaration(declaration);
  return name === undefined || !ts.isIdentifier(name) || names.has(name.text);
}

function assignedName(node: ts.Node): string | undefined {
  const target =
    ts.isBinaryExpression(node) &&
    node.operatorToken.kind >= ts.SyntaxKind.FirstAssignment &&
    node.operatorToken.kind <= ts.SyntaxKind.LastAssignment
      ? node.left
      : ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)
        ? node.operand
        : undefined;
  return target !== undefined && ts.isIdentifier(target) ? target.text : undefined;
}

function functionOf(node: ts.Node): ts.Node {
  let at = node.parent;
  while (at !== undefined && !ts.isFunctionLike(at) && !ts.isSourceFile(at)) at = at.parent;
  return at ?? node.getSourceFile();
}
