import ts from "typescript";
import { bare } from "./syntax.js";

/** The name that an assignment gives a value to: a variable's, a member's, a shorthand property's. */
export type Assigned = ts.Identifier | ts.PrivateIdentifier;

const none: readonly Assigned[] = [];
const mayAssign: ReadonlySet<ts.SyntaxKind> = new Set([
  ts.SyntaxKind.BinaryExpression,
  ts.SyntaxKind.PrefixUnaryExpression,
  ts.SyntaxKind.PostfixUnaryExpression,
  ts.SyntaxKind.ForOfStatement,
  ts.SyntaxKind.ForInStatement,
]);

/**
 * What a node assigns to, if it assigns; what is assigned through `this` in a constructor counts as where a
 * field is declared.
 */
export function assignedIn(node: ts.Node): readonly Assigned[] {
  if (!mayAssign.has(node.kind)) return none;
  const targets: Assigned[] = [];

  function target(expression: ts.Expression): void {
    const left = bare(expression);
    if (ts.isIdentifier(left)) targets.push(left);
    else if (ts.isArrayLiteralExpression(left)) for (const element of left.elements) target(element);
    else if (ts.isSpreadElement(left)) target(left.expression);
    else if (ts.isObjectLiteralExpression(left)) {
      for (const property of left.properties) {
        if (ts.isPropertyAssignment(property)) target(property.initializer);
        else if (ts.isShorthandPropertyAssignment(property)) targets.push(property.name);
        else if (ts.isSpreadAssignment(property)) target(property.expression);
      }
    } else if (ts.isPropertyAccessExpression(left)) {
      const isDeclaring = left.expression.kind === ts.SyntaxKind.ThisKeyword && isInConstructor(left);
      if (!isDeclaring) targets.push(left.name);
    } else if (ts.isBinaryExpression(left)) target(left.left);
  }

  if (ts.isBinaryExpression(node)) {
    if (isAssignment(node.operatorToken.kind)) target(node.left);
  } else if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node)) {
    if (node.operator === ts.SyntaxKind.PlusPlusToken || node.operator === ts.SyntaxKind.MinusMinusToken)
      target(node.operand);
  } else if (ts.isForOfStatement(node) || ts.isForInStatement(node)) {
    if (!ts.isVariableDeclarationList(node.initializer)) target(node.initializer);
  }
  return targets;
}

export function isAssignment(kind: ts.SyntaxKind): boolean {
  return kind >= ts.SyntaxKind.FirstAssignment && kind <= ts.SyntaxKind.LastAssignment;
}

function isInConstructor(node: ts.Node): boolean {
  for (let at = node.parent; at !== undefined; at = at.parent) {
    if (ts.isConstructorDeclaration(at)) return true;
    if (ts.isFunctionLike(at) && !ts.isArrowFunction(at)) return false;
  }
  return false;
}
