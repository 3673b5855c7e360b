import ts from "typescript";
import type { Scopes } from "../../plain/scopes.js";
import { bare, isFunctionLiteral } from "../../project/syntax.js";
import { localBody } from "./release.js";
import { calledName } from "./wait.js";

/** Calls are followed so deep. */
const maxCalls = 2;

/** What can be seen not to reject: a body all in a try with a harmless catch, or one that does next to nothing. */
export function mayReject(callback: ts.Expression, scopes: Scopes): boolean {
  return !isCalmFunction(callback, scopes, maxCalls);
}

function isCalmFunction(callee: ts.Expression, scopes: Scopes, depth: number): boolean {
  const at = bare(callee);
  const body = isFunctionLiteral(at) ? at.body : localBody(at, scopes);
  if (body === undefined || depth < 0) return false;
  if (ts.isBlock(body)) return body.statements.every((each) => isCalm(each, scopes, depth));
  return isCalmValue(body as ts.Expression, scopes, depth);
}

function isCalm(statement: ts.Statement, scopes: Scopes, depth: number): boolean {
  if (ts.isTryStatement(statement)) {
    const { catchClause, finallyBlock } = statement;
    const isQuiet = (block: ts.Block | undefined) =>
      block === undefined || block.statements.every((each) => isCalm(each, scopes, depth));
    return catchClause !== undefined && !rethrows(catchClause.block) && isQuiet(finallyBlock);
  }
  if (ts.isExpressionStatement(statement)) return isCalmValue(statement.expression, scopes, depth);
  if (ts.isReturnStatement(statement))
    return statement.expression === undefined || isCalmValue(statement.expression, scopes, depth);
  if (ts.isVariableStatement(statement))
    return statement.declarationList.declarations.every(
      ({ initializer }) => initializer === undefined || isCalmValue(initializer, scopes, depth),
    );
  if (ts.isIfStatement(statement))
    return (
      isCalmValue(statement.expression, scopes, depth) &&
      isCalm(statement.thenStatement, scopes, depth) &&
      (statement.elseStatement === undefined || isCalm(statement.elseStatement, scopes, depth))
    );
  return ts.isBlock(statement) && statement.statements.every((each) => isCalm(each, scopes, depth));
}

export function rethrows(block: ts.Node): boolean {
  let found = false;
  const visit = (node: ts.Node): void => {
    if (ts.isFunctionLike(node)) return;
    if (ts.isThrowStatement(node)) found = true;
    ts.forEachChild(node, visit);
  };
  visit(block);
  return found;
}

const calmCalls =
  /^(?:console\.\w+|setTimeout|clearTimeout|Promise\.(?:resolve|allSettled)|sleep|delay|pause|wait|tick|nextTick|resolve|release)$/;

export function isCalmValue(expression: ts.Expression, scopes: Scopes, depth = maxCalls): boolean {
  const at = bare(expression);
  if (ts.isAwaitExpression(at)) return isCalmValue(at.expression, scopes, depth);
  if (isFunctionLiteral(at)) return true;
  if (ts.isCallExpression(at)) {
    const name = calledName(at);
    const callee = bare(at.expression);
    if (calmCalls.test(at.expression.getText())) return true;
    if (name === "catch" && at.arguments.length === 1) return true;
    if (name === "then" && at.arguments.length === 2) return true;
    if (["push", "delete", "shift", "has", "get"].includes(name) && ts.isPropertyAccessExpression(callee))
      return true;
    return isCalmFunction(callee, scopes, depth - 1);
  }
  if (ts.isNewExpression(at)) {
    const executor = at.arguments?.[0] && bare(at.arguments[0]);
    return (
      at.expression.getText() === "Promise" &&
      executor !== undefined &&
      isFunctionLiteral(executor) &&
      executor.parameters.length < 2
    );
  }
  let calm = true;
  ts.forEachChild(at, (child) => {
    if (ts.isExpression(child)) calm &&= isCalmValue(child, scopes, depth);
  });
  return calm;
}
