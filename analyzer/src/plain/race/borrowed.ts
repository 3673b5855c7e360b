import ts from "typescript";
import { isAssignment } from "../../project/assignments.js";
import { bare, enclosingFunction } from "../../project/syntax.js";
import { isAcquireName } from "./names.js";

/**
 * Whether what is written is given back by the same function, or the function is one that takes a lock: then
 * the flag, the count or the entry is a lock written by hand, and what is wrong with it is that.
 */
export function isBorrowed(write: ts.Node): boolean {
  const target = targetOf(write);
  if (target === undefined) return false;
  const around = enclosingFunction(write);
  const { name } = around as ts.NamedDeclaration;
  if (name !== undefined && isAcquireName(name.getText())) return true;
  let found = false;
  const visit = (node: ts.Node): void => {
    if (node.pos >= write.end && givesBack(node, target)) found = true;
    if (!found) ts.forEachChild(node, visit);
  };
  visit(around);
  return found;
}

function targetOf(write: ts.Node): string | undefined {
  if (ts.isBinaryExpression(write)) return write.left.getText();
  if (ts.isPrefixUnaryExpression(write) || ts.isPostfixUnaryExpression(write)) return write.operand.getText();
  if (!ts.isCallExpression(write)) return undefined;
  const callee = bare(write.expression);
  return ts.isPropertyAccessExpression(callee) ? callee.expression.getText() : undefined;
}

const falsy = new Set([ts.SyntaxKind.FalseKeyword, ts.SyntaxKind.NullKeyword]);

function givesBack(node: ts.Node, target: string): boolean {
  if (
    ts.isBinaryExpression(node) &&
    isAssignment(node.operatorToken.kind) &&
    node.left.getText() === target
  ) {
    const value = bare(node.right);
    return (
      node.operatorToken.kind === ts.SyntaxKind.MinusEqualsToken ||
      falsy.has(value.kind) ||
      value.getText() === "undefined" ||
      value.getText() === "0"
    );
  }
  if (ts.isPrefixUnaryExpression(node) || ts.isPostfixUnaryExpression(node))
    return node.operator === ts.SyntaxKind.MinusMinusToken && node.operand.getText() === target;
  if (!ts.isCallExpression(node)) return false;
  const callee = bare(node.expression);
  return (
    ts.isPropertyAccessExpression(callee) &&
    /^(?:delete|clear|remove)$/.test(callee.name.text) &&
    callee.expression.getText() === target
  );
}
